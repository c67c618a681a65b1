/** What leaves through the app: notices to people, and stamps on the cards of a matter that is decided. */
import { SEND, STAMP, type Notice, type Stamp } from '../bot/ctx.ts';
import type { Card } from '../bot/reply.ts';
import type { Db } from '../db/db.ts';
import type { Courier } from '../jobs/runner.ts';
import type { Log } from '../kernel/log.ts';
import { Unavailable } from '../kernel/refusal.ts';
import { asBubble } from './answer.ts';
import { cutBytes, TEXT_BYTES, type Api } from './api.ts';
import { toTemplateCard } from './cards.ts';
import { cardsToStamp, markStamped, saveSentCard, withdrawUnsent } from './store.ts';

/** A response code dies after 72 h (protocol D.3); asking later only brings an error. */
const CODE_LIVES_MS = 72 * 3_600_000;

type Options = { api: Api; db: Db; corp: string; source: string; clock: () => Date; log: Log };

export function createCouriers({ api, db, corp, source, clock, log }: Options): Readonly<Record<string, Courier>> {
  const send: Courier = {
    // One person's messages arrive in the order they were written.
    queue: (job) => `send:${(job.payload as Notice).to}`,
    async carry(job) {
      const { to, key, ...notice } = job.payload as Notice;
      const message = asBubble(notice.message);
      if ('text' in message) {
        report((await api.send({ toUser: to, text: cutBytes(message.text, TEXT_BYTES) })).unreachable, job.id);
        return;
      }
      const { card } = message;
      const sent = await api.send({ toUser: to, card: toTemplateCard(card, job.id, source) });
      report(sent.unreachable, job.id);
      const code = sent.responseCode === undefined ? {} : { responseCode: sent.responseCode };
      await saveSentCard(db.client, corp, clock(), {
        taskId: job.id,
        userId: to,
        card,
        ...(key === undefined ? {} : { key }),
        ...code,
      });
    },
  };

  const stamp: Courier = {
    queue: (job) => `stamp:${(job.payload as Stamp).key}`,
    async carry(job) {
      const { key, words, except } = job.payload as Stamp;
      const now = clock();
      if ((await withdrawUnsent(db.client, corp, key, now)) > 0) throw new Unavailable('a card of this matter is on its way');
      for (const sent of await cardsToStamp(db.client, corp, key)) {
        const alive = sent.codeAt !== null && now.getTime() - sent.codeAt.getTime() < CODE_LIVES_MS;
        if (sent.taskId !== except && sent.responseCode !== null && alive) {
          const card = toTemplateCard(stamped(sent.card, words), sent.taskId, source);
          await api.updateCard({ toUsers: [sent.userId], responseCode: sent.responseCode, card });
        }
        await markStamped(db.client, corp, sent.taskId, now);
      }
    },
  };

  /** WeCom said ok and yet somebody did not get it (protocol D.2). */
  function report(unreachable: readonly string[], job: string): void {
    if (unreachable.length > 0) log.warn({ job }, 'recipient unreachable');
  }

  return { [SEND]: send, [STAMP]: stamp };
}

function stamped({ buttons: _buttons, ...card }: Card, words: string): Card {
  return { ...card, note: words, done: '已处理' };
}
