/** What the doors count. `src/metrics.ts` keeps the figures. */
export type Door = 'bot' | 'app';

export type Meter = {
  /** `outcome`: the kind of answer, or `silent`. */
  callback(door: Door, kind: string, outcome: string, seconds: number): void;
  refused(door: Door, code: string): void;
  /** The same bytes once more. */
  repeated(door: Door): void;
  /** Until something stood in the chat: an answer, or the first words of a stream. */
  firstFrame(seconds: number): void;
  /** `errcode` is `none` when there was no answer. */
  called(path: string, errcode: string): void;
  unreachable(): void;
};
