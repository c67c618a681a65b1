/** 来电咨询: a call about what the hotline does not do: where the caller was sent, kept without a need (rules.md 1.6). */
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { because, optional } from '../../../bot/slot.ts';
import { phone } from '../../../bot/slots/phone.ts';
import { text } from '../../../bot/slots/text.ts';
import { at, dayOf, plusDays, showTime } from '../../../kernel/calendar.ts';
import { COUNTY_ROLES, holding } from '../../../people/index.ts';
import { publicText } from '../../slots.ts';
import { listEnquiries, recordCall } from '../store.ts';
import { agents, CALLING, earlierNeeds, listed } from './relay.ts';

const DAYS = 30;
const SHOWN = 10;

export const enquire = defineIntent({
  name: 'hotline.enquire',
  title: '来电咨询',
  help: '“咨询 13800001234 王厂 问社保怎么转”：不归热线办的，记下告诉了他找哪里，不建单',
  says: ['咨询 13800001234 王厂 问社保怎么转', '来电咨询', '来电咨询 13800001234 问劳动合同怎么签'],
  near: ['这个不归我们管', '不是我们管的事', '只是来问问的'],
  matches: [
    sure`(?:来电)?咨询\s*[：:，, ]?\s*(?<phone>${CALLING})\s*[，, ]\s*(?<caller>[^\s，,]{1,20})\s*[，, ]\s*(?<summary>.+)`,
    sure`(?:来电)?咨询\s*[：:，, ]?\s*(?<phone>${CALLING})\s*[，, ]\s*(?<summary>.+)`,
    sure`(?:来电咨询|登记咨询|记(?:一个|为)?咨询)`,
  ],
  who: agents,
  where: 'private',
  slots: {
    phone: because(phone('来电号码', '来电的电话是多少？'), '同一个号码以前反映过什么要靠它找；加密保存，平时只显示前三后四。'),
    summary: publicText('内容', '来电人问什么？请用一句话记下来。', { max: 200 }),
    told: text('告诉他', '告诉来电人找哪里？如“找区人社局窗口，0577-12333”。', { max: 100 }),
    caller: optional(text('来电人', '来电人怎么称呼？', { max: 20 })),
  },
  confirm: '请核对咨询，确认后不建单',
  async hint(ctx, said) {
    const earlier = await earlierNeeds(ctx, said.phone);
    return earlier.length === 0 ? undefined : { words: listed(earlier), buttons: [] };
  },
  async run(ctx, { phone: calling, summary, told, caller }) {
    await recordCall(ctx, { kind: 'ENQUIRY', phone: calling, caller, summary, told });
    return {
      text: `已记为咨询，没有建单。\n请念给来电人：“您问的${summary.replace(/^问/u, '')}不归热线办，请您${told}。以后企业和职工有需要，随时打过来。”`,
    };
  },
});

export const enquiries = defineIntent({
  name: 'hotline.enquiries',
  title: '咨询记录',
  help: `“咨询记录”：近${DAYS}天来电问了什么、让他们找了哪里`,
  says: ['咨询记录', '最近有哪些咨询'],
  matches: [
    sure`(?:看|查|查看)?(?:来电)?咨询(?:记录|清单|统计)`,
    sure`(?:最近|这个月)?(?:有哪些|有多少|多少)(?:来电)?咨询[？?]?`,
  ],
  who: holding(['HOTLINE_AGENT', ...COUNTY_ROLES], '咨询记录由红色征集热线的坐席和县级组织部门看。'),
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const { count, newest } = await listEnquiries(ctx, at(plusDays(dayOf(ctx.now), -DAYS), '00:00'), SHOWN);
    if (count === 0) return { text: `近${DAYS}天没有来电咨询。` };
    const lines = newest.map(({ at: when, summary, told }) => `${showTime(when, ctx.now)} ${summary}：${told ?? ''}`);
    const head = `近${DAYS}天来电咨询${count}个${count > SHOWN ? `，最近${SHOWN}个` : ''}：`;
    return { text: [head, ...lines].join('\n') };
  },
});
