/** A unit of work of nobody in particular: scripts, and what runs beside the conversation. */
import type { Db } from '../db/db.ts';
import { leaveTraces } from '../db/work.ts';
import type { Vault } from '../kernel/vault.ts';
import { SYSTEM } from './actor.ts';
import { openWork, type Arrange, type Ctx } from './ctx.ts';

export type Frame = {
  readonly db: Db;
  readonly corp: string;
  readonly vault: Vault;
  /** Notices wait for the morning and are left out where they are not welcome, as everywhere. */
  readonly arrange: Arrange;
  readonly now: Date;
  readonly id: () => string;
};

/** Nobody waits for an answer within seconds: ten thousand rows on a slow disk may take as long as this. */
const TIMEOUT_MS = 120_000;

/** One transaction with its audit row. @param intent what the audit row says was done */
export function asSystem<T>(
  { db, corp, vault, arrange, now, id }: Frame,
  intent: string,
  work: (ctx: Ctx) => Promise<T>,
): Promise<T> {
  return db.transaction(
    async (tx) => {
      const { ctx, traces } = openWork({ corp, tx, vault, now, id, place: 'single', actor: SYSTEM });
      const result = await work(ctx);
      const { subject, change } = traces;
      const about = { ...(subject === undefined ? {} : { subject }), ...(change === undefined ? {} : { change }) };
      await leaveTraces(tx, corp, now, {
        keys: [],
        reply: null,
        audit: { id: id(), intent, channel: 'script', outcome: 'done', ...about },
        jobs: await arrange(ctx, traces.jobs),
      });
      return result;
    },
    { timeoutMs: TIMEOUT_MS },
  );
}
