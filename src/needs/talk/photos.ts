/** 看照片: the pictures of a need or a tip, into the own chat of whoever may see it. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { recent } from '../../bot/slot.ts';
import { number } from '../../bot/slots/number.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody } from '../../people/index.ts';
import { isPublic, reviewingStanding } from '../rules.ts';
import { loadTip } from '../scout/store.ts';
import { TIP_LETTER } from '../scout/words.ts';
import { loadNeed, photosOf } from '../store.ts';
import { NEED_LETTERS } from '../words.ts';

export const photos = defineIntent({
  name: 'need.photos',
  title: '看照片',
  help: '“看照片 C-2026-0001”：报的时候附的照片',
  says: ['看照片 C-2026-0001', 'C-2026-0001 的照片', '看照片'],
  matches: [
    sure`(?:看|查看|看看|看一下)(?:照片|图片)\s*(?:{number or place})?`,
    sure`(?:看|查看|看看|看一下)?\s*{number}\s*的?(?:照片|图片)`,
    sure`(?:看|查看|看看|看一下)\s*{number or place}\s*的?(?:照片|图片)`,
  ],
  who: anybody,
  where: 'private',
  hears: () => undefined,
  slots: { number: recent(number('编号', '要看哪一条的照片？请回复编号，如 C-2026-0001。', NEED_LETTERS + TIP_LETTER)) },
  async run(ctx, said) {
    const found = said.number.startsWith(TIP_LETTER) ? await ofTip(ctx, said.number) : await ofNeed(ctx, said.number);
    if (found.length === 0) refuse('photos.none', `${said.number} 没有附照片。`);
    ctx.record(said.number, { photos: found.length });
    return {
      text: `${said.number} 的照片${found.length}张，请不要转到群里。`,
      photos: found.map((sha256, i) => ({ name: `${said.number}照片${i + 1}`, sha256 })),
    };
  },
});

/** Whoever may read a need may see its pictures. @throws Refusal */
async function ofNeed(ctx: Ctx, no: string): Promise<readonly string[]> {
  const need = await loadNeed(ctx, no);
  const isOurs = need.author.id === ctx.actor.id || reviewingStanding(ctx.actor.standings, need.library) !== undefined;
  if (!isPublic(need) && !isOurs) refuse('need.not-public', `${need.no} 还没有公开，照片只有报的人和审核人能看。`);
  return photosOf(ctx, need.id);
}

/** A tip is seen by its scout and who reviews it. @throws Refusal */
async function ofTip(ctx: Ctx, no: string): Promise<readonly string[]> {
  const tip = await loadTip(ctx, no);
  if (tip.scout.id !== ctx.actor.id && !reviewingStanding(ctx.actor.standings, tip.library))
    refuse('tip.not-yours', `线索 ${no} 的照片只有报的搜索员和审核的人能看。`);
  return tip.photos;
}
