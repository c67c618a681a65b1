/** 冲正: the only correction of the books; entries are never changed. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { number } from '../../bot/slots/number.ts';
import { text } from '../../bot/slots/text.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holders } from '../../people/index.ts';
import { listMovements, loadEntry, reverse as reverseEntry } from '../ledger.ts';
import { voucherLines } from '../text.ts';
import { depositSides } from './deposit.ts';
import { cashier } from '../who.ts';
import { ENTRY_KIND, LETTER } from '../words.ts';

const LINES = 20;

export const reverse = defineIntent({
  name: 'fund.reverse',
  title: '冲正',
  help: '“冲正 P-2026-0001：原因”：出纳把记错的入账凭证冲掉，再重新登记；旧凭证一直留着',
  says: ['冲正 P-2026-0001：金额打错了', '冲正 P-2026-0001'],
  near: ['打错账了', '记错了一笔'],
  matches: [sure`(?:冲正|冲销|红冲)\s*{number}(?:\s*[：:，, ]\s*(?<reason>.+))?`],
  who: cashier,
  where: 'private',
  slots: {
    number: number('凭证', '要冲正哪一张凭证？请回复编号，如 P-2026-0001。', LETTER.VOUCHER),
    reason: text('原因', (said) => `为什么冲正 ${said.number ?? ''}？原因会一直留在账上。`, { max: 100 }),
  },
  confirm: '请核对要冲正的凭证',
  async hint(ctx, said) {
    const { fund } = await loadEntry(ctx, said.number);
    const movements = await listMovements(ctx, { fund: fund.id, numbers: [said.number] }, LINES);
    return { words: voucherLines(movements, ctx.now).join('\n'), buttons: [] };
  },
  async run(ctx, said) {
    const { entry, fund } = await loadEntry(ctx, said.number);
    if (fund.hostId !== ctx.actor.standing.organisation.id)
      refuse('fund.not-ours', `${entry.no} 不是${ctx.actor.standing.organisation.shortName}公积金的凭证，由它自己的出纳冲正。`);
    if (entry.kind !== 'DEPOSIT' && entry.kind !== 'REVERSAL')
      refuse(
        'fund.not-deposit',
        `${entry.no} 是${ENTRY_KIND[entry.kind]}，跟着申请走，不能单独冲正。请在那个申请里退回、撤回或结项。`,
      );
    const mirror = await reverseEntry(ctx, { no: said.number, reason: said.reason });
    ctx.record(mirror.no, { reverses: entry.no });
    const words = `${entry.no}（${entry.memo}）已由${ctx.actor.called}冲正，新凭证 ${mirror.no}，原因：${said.reason}。`;
    const watchers = await holders(ctx, fund.hostId, ['SUPERVISOR', 'SUPERIOR_OFFICER']);
    const told = new Set([ctx.actor.userId]);
    const others = <T extends { userId: string }>(all: readonly T[]) =>
      all.filter(({ userId }) => !told.has(userId) && told.add(userId));
    if (entry.subject !== null)
      ctx.notify(others(await depositSides(ctx, entry.subject)), { text: `${words}要重新入账的，出纳会再登记、再请您确认。` });
    ctx.notify(others(watchers), { text: words }, { kind: 'news' });
    return { text: `${words}原凭证留着不动，要改就重新登记。` };
  },
});
