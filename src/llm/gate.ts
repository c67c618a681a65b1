/** Whether the model may be asked now: not too many at once, not beyond the day's share, not while it keeps failing. */
import { type Day, dayOf } from '../kernel/calendar.ts';

export type Gate = {
  /** Why not; undefined when it may be asked, and then `leave` must follow. */
  enter(): 'busy' | 'resting' | undefined;
  /** One call of the day's share; false when none is left. */
  spend(): boolean;
  leave(isSick: boolean): void;
};

/** So many failures in a row, and the model is left alone for a while; then one tries whether it is back. */
const FAILURES = 3;
const REST_MS = 30_000;

export function createGate(limits: { atOnce: number; dailyCalls: number; clock: () => Date }): Gate {
  const { atOnce, dailyCalls, clock } = limits;
  let inHand = 0;
  let failures = 0;
  let restsUntil = 0;
  let day: Day = '';
  let calls = 0;
  return {
    enter() {
      const now = clock().getTime();
      if (inHand >= atOnce) return 'busy';
      if (now < restsUntil) return 'resting';
      if (failures >= FAILURES) restsUntil = now + REST_MS;
      inHand++;
      return undefined;
    },
    spend() {
      const today = dayOf(clock());
      if (today !== day) [day, calls] = [today, 0];
      if (calls >= dailyCalls) return false;
      calls++;
      return true;
    },
    leave(isSick) {
      inHand--;
      failures = isSick ? failures + 1 : 0;
      restsUntil = failures >= FAILURES ? clock().getTime() + REST_MS : 0;
    },
  };
}
