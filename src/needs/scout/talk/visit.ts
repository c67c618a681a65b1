/** 走访: whom a scout went to see; and how the scouts of a town do this month. */
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { text } from '../../../bot/slots/text.ts';
import { at, showTime } from '../../../kernel/calendar.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { holding, organisationNamed } from '../../../people/index.ts';
import { addVisit, listVisits, picturedVisit } from '../store.ts';
import { firstOfMonth } from '../text.ts';
import { scoutsBelow, WATCHERS } from './overview.ts';
import { scouts } from './tip.ts';

const SHOWN = 8;
/** More than anybody visits in a month. */
const READ = 200;

export const visit = defineIntent({
  name: 'scout.visit',
  title: '记走访',
  help: '“走访 宏泰五金：老板说招工难”：记一次走访，可以带照片',
  says: ['走访 宏泰五金：老板说招工难', '走访了宏泰五金，车间很挤', '记走访'],
  near: ['今天去了明视眼镜 他们想招人', '刚从力西特出来'],
  matches: [
    sure`(?:我)?(?:今天|刚才|刚刚)?(?:去)?走访了?\s*(?!的?(?:照片|图片))(?<firm>[^：:，,\s]{2,30})\s*[：:，, ]\s*(?<words>.+)`,
    sure`(?:我)?(?:今天|昨天|上午|下午|刚才|刚刚)?(?:去|到)了?\s*(?<firm>[^：:，,\s]{2,30}?)(?:转了转|转了一圈|看了看|看了一下|走了走|坐了坐|走访了?)\s*[：:，, ]\s*(?<words>.+)`,
    sure`(?:登记|记|记一次)走访`,
  ],
  who: scouts,
  where: 'private',
  slots: {
    firm: text('单位', '走访了哪家单位？请说全称或简称。', { max: 30 }),
    words: text('情况', '看到、听到了什么？一句话就行，也可以先发照片。', { max: 200 }),
  },
  async run(ctx, said) {
    const firm = await organisationNamed(ctx, said.firm, 'ENTERPRISE');
    await addVisit(ctx, firm.id, said.words);
    ctx.record('走访', { firm: firm.id, photos: ctx.photos.length });
    const pictures = ctx.photos.length > 0 ? `，照片${ctx.photos.length}张` : '';
    return { text: `记下了：走访${firm.shortName}${pictures}。听到有什么需要，接着说“线索：${firm.shortName}……，依据：……”。` };
  },
});

export const visits = defineIntent({
  name: 'scout.visits',
  title: '走访记录',
  help: '“走访记录”：您这个月去了哪些单位',
  says: ['走访记录', '我的走访', '我这个月跑了几家'],
  matches: [
    sure`(?:看|查|看看|查看)?(?:我的)?走访(?:记录|日志|台账)`,
    sure`(?:看|查|看看|查看)?我的走访`,
    sure`我?(?:这个月|本月|一共)?(?:跑|走访|走|去)了(?:几|多少)(?:家|户|次)(?:企业)?(?:了)?[？?]?`,
  ],
  who: scouts,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const all = await listVisits(ctx, at(firstOfMonth(ctx.now), '00:00'), READ);
    if (all.length === 0) return { text: '这个月还没有走访。去过了说“走访 单位：情况”。', list: [] };
    const firms = new Set(all.map(({ shortName }) => shortName)).size;
    const lines = all
      .slice(0, SHOWN)
      .map(
        ({ at: when, shortName, words, photos }) =>
          `${showTime(when, ctx.now)} ${shortName}：${words}${photos > 0 ? `（照片${photos}张）` : ''}`,
      );
    return { text: [`这个月走访${all.length}次，${firms}家单位。`, ...lines].join('\n') };
  },
});

export const visitPhotos = defineIntent({
  name: 'scout.visit.photos',
  title: '走访照片',
  help: '“走访照片 宏泰五金”：最近一次走访那家单位拍的照片',
  says: ['走访照片 宏泰五金', '看走访宏泰五金的照片'],
  matches: [
    sure`(?:看|查看|看看)?走访(?:的)?(?:照片|图片)(?:\s*(?<firm>[^：:，,\s]{2,30}))?`,
    sure`(?:看|查看|看看)?走访\s*(?<firm>[^：:，,\s]{2,30}?)的(?:照片|图片)`,
  ],
  who: holding(['SCOUT', ...WATCHERS], '走访照片由去走访的搜索员和上级看。', { bySubject: true }),
  where: 'private',
  slots: { firm: text('单位', '看走访哪家单位的照片？请说全称或简称。', { max: 30 }) },
  async run(ctx, said) {
    const firm = await organisationNamed(ctx, said.firm, 'ENTERPRISE');
    const seen = [ctx.actor, ...(await scoutsBelow(ctx, ctx.actor.standings))].map(({ id }) => id);
    const found = await picturedVisit(ctx, firm.id, seen);
    if (!found) return refuse('visit.no-photos', `您能看的走访里，${firm.shortName}没有照片。`);
    ctx.record('走访', { firm: firm.id, seen: found.photos.length });
    return {
      text: `${showTime(found.at, ctx.now)}走访${firm.shortName}的照片${found.photos.length}张，请不要转到群里。`,
      photos: found.photos.map((sha256, i) => ({ name: `走访${firm.shortName}照片${i + 1}`, sha256 })),
    };
  },
});
