/** What may go wrong between WeCom and a bot, on demand: for tests and for whoever wants to see it. */
import { setTimeout as sleep } from 'node:timers/promises';

export type Fault =
  /** The next calls of this path of the server API are refused, or get no answer. */
  | { readonly api: string; readonly errcode: number | 'timeout'; readonly times: number }
  /**
   * The next callbacks. `repeat`: the same bytes twice more; `delay`: `ms` late; `reorder`: after the one that follows;
   * `forge`: a wrong signature; `age`: signed 301 s ago.
   */
  | { readonly callbacks: 'repeat' | 'forge' | 'age' | 'reorder'; readonly times: number }
  | { readonly callbacks: 'delay'; readonly ms: number; readonly times: number };

export type Faults = ReturnType<typeof createFaults>;

/** How long a reordered callback waits for another to overtake it, ms. */
const OVERTAKE = 1_000;

export function createFaults() {
  let arranged: { fault: Fault; left: number }[] = [];
  const passing = new Set<() => void>();

  function take<F extends Fault>(fits: (fault: Fault) => fault is F): F | undefined {
    const found = arranged.find(({ fault }) => fits(fault));
    if (!found) return undefined;
    if (--found.left <= 0) arranged = arranged.filter((each) => each !== found);
    return found.fault as F;
  }

  return {
    arrange: (fault: Fault): void => void arranged.push({ fault, left: fault.times }),
    clear: (): void => void (arranged = []),
    forApi: (path: string) =>
      take((fault): fault is Extract<Fault, { api: string }> => 'api' in fault && path.endsWith(`/${fault.api}`)),
    forCallback: () => take((fault): fault is Extract<Fault, { callbacks: string }> => 'callbacks' in fault),
    /** Waits until another callback was answered. */
    overtaken: async (): Promise<void> => {
      let pass = (): void => {};
      const passed = new Promise<void>((resolve) => passing.add((pass = resolve)));
      await Promise.race([passed, sleep(OVERTAKE)]);
      passing.delete(pass);
    },
    answered: (): void => passing.forEach((pass) => pass()),
  };
}
