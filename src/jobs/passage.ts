/** Time that passes quickly, as in a scene: what falls due on the way is carried out at its own moment, as in life. */
import type { Db } from '../db/db.ts';
import { nextOfEach } from './store.ts';
import type { Runner } from './runner.ts';

export async function passTo(
  moment: Date,
  { runner, set }: { runner: Pick<Runner, 'drain' | 'nextDue'>; set: (now: Date) => void },
): Promise<void> {
  await runner.drain();
  for (let due = await runner.nextDue(); due && due < moment;) {
    set(due);
    await runner.drain();
    const next = await runner.nextDue();
    // What is put off without end would hold time itself up.
    if (!next || next <= due) break;
    due = next;
  }
  set(moment);
  await runner.drain();
}

/** What is waited for now, by the names that people know such moments by, soonest first. */
export async function waitedFor(
  now: Date,
  { db, corp, jobs }: { db: Db; corp: string; jobs: readonly { readonly name: string; readonly moment?: string }[] },
): Promise<{ words: string; at: Date }[]> {
  const moments = new Map(jobs.flatMap(({ name, moment }) => (moment === undefined ? [] : [[name, moment]])));
  const next = await nextOfEach(db.client, corp, [...moments.keys()], now);
  return next.map(({ name, at }) => ({ words: moments.get(name) ?? name, at }));
}
