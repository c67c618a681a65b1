/**
 * One reading for everybody who asks before it begins. Who asks while one is under way waits for the next: what was
 * committed before somebody asked is in what they get.
 */
export function readTogether<T>(read: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | undefined;
  const begin = () => {
    next = undefined;
    return read();
  };
  return () => {
    if (next) return next;
    next = running.then(begin, begin);
    running = next;
    return next;
  };
}
