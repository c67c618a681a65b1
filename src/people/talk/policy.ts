/** 改参数, 参数, 参数依据: county policy said in words, previewed, confirmed, and kept in versions (rules.md row 117). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { defineModule, type Module } from '../../bot/module.ts';
import { assertAllowed, showValue, type Parameter } from '../../bot/parameter.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import { optional, preset, type Slot } from '../../bot/slot.ts';
import { date } from '../../bot/slots/date.ts';
import { measure } from '../../bot/slots/measure.ts';
import { text } from '../../bot/slots/text.ts';
import { tap } from '../../bot/tap.ts';
import { at, dayOf, type Day } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { parameters } from '../params.ts';
import { parameterVersions, setParameter, type ParameterVersion } from '../store.ts';
import { anybody, holding } from '../who.ts';

const PAGE = 8;
const VERSIONS = 5;
const LATER = '从那时起新发生的事按新的算，已经发生的不变';

const county = holding(
  ['ADMINISTRATOR', 'COUNTY_ORG_DEPARTMENT', 'TWO_NEW_COMMITTEE'],
  '参数由县级组织部门、两新工委或系统管理员来改。您可以说“参数”看现在是多少；觉得不合适，请向他们反映。',
  { bySubject: true },
);

type Declared = Parameter & { readonly key: string; readonly module: string };

/** @param modules whatever declares parameters */
export function policyOf(modules: readonly Pick<Module, 'title' | 'parameters'>[]) {
  const declared: readonly Declared[] = modules.flatMap(({ title, parameters: own = {} }) =>
    Object.entries(own).map(([key, parameter]) => ({ ...parameter, key, module: title })),
  );
  const named = (label: string): Declared => {
    const found = declared.find((each) => each.label === label);
    if (!found) throw new Error(`no parameter ${label}`);
    return found;
  };
  const labels = declared
    .flatMap(({ label, words = [] }) => [label, ...words])
    .sort((a, b) => b.length - a.length)
    .join('|');

  const set = defineIntent({
    name: 'parameter.set',
    title: '改参数',
    help: '“审核时限改5天”：改全县的参数，先看影响再确认',
    says: ['审核时限改5天', '把同时认领上限改成4条', '改参数'],
    near: ['把公示期改成5天'],
    matches: [
      sure`(?:请)?(?:把)?(?<parameter>${labels})(?:的?参数)?(?:从.{1,10})?(?:改成|改为|改到|改|调成|调到|调整为|调整到|调为|设为|设成|定为)\s*(?<value>[^，,从自]{1,16})(?:[，,\s]*(?:从|自)?(?<since>[^，,]{2,12}?)(?:起|开始)(?:生效|执行|算)?)?`,
      sure`(?:把)?(?<parameter>${labels})(?:要|想)?(?:改一?下|改|调一?下|调整)`,
      sure`(?:修改|更改|调整|改)(?<parameter>${labels})`,
      sure`(?:修改|更改|调整|改)参数(?:[：:\s]*(?<parameter>${labels}))?`,
    ],
    who: county,
    where: 'private',
    slots: {
      parameter: nameOf(declared),
      value: measure('数值', (said) => `“${said.parameter ?? ''}”改成多少？`),
      since: preset(date('生效', '从哪天起生效？'), () => '今天'),
    },
    confirm: '请核对：全县都按这个来',
    async hint(ctx, said) {
      const parameter = named(said.parameter);
      const { value: now, later } = await inForce(ctx, parameter);
      assertChanges(parameter, said, now, later, ctx.now);
      const planned = later.map((version) => `已定${dayOf(version.since)}起为${showValue(parameter, version.value)}，到时照改。`);
      return {
        words: [
          `现在是${showValue(parameter, now)}，改成${showValue(parameter, said.value.value)}。`,
          `影响：${parameter.affects ?? LATER}。`,
          ...planned,
        ].join('\n'),
        buttons: [],
      };
    },
    async run(ctx, said) {
      const parameter = named(said.parameter);
      const { value: before, later } = await inForce(ctx, parameter);
      assertChanges(parameter, said, before, later, ctx.now);
      await setParameter(ctx, parameter.key, said.value.value, startOf(said.since, ctx.now));
      ctx.record('参数', { [parameter.key]: [before, said.value.value], since: said.since });
      const when = said.since > dayOf(ctx.now) ? `${said.since}起生效` : '现在起生效';
      const [from, to] = [showValue(parameter, before), showValue(parameter, said.value.value)];
      return { text: `“${parameter.label}”从${from}改成${to}，${when}。影响：${parameter.affects ?? LATER}。` };
    },
    undo: {
      instead: () => '要改回去，再说一次改成多少。',
      async run(ctx, { at: when, change }) {
        const { since, ...values } = change as { since: Day; [key: string]: unknown };
        const [key, [before, after]] = Object.entries(values as Record<string, [number, number]>)[0] ?? ['', [0, 0]];
        const parameter =
          declared.find((each) => each.key === key) ?? refuse('parameter.unknown', '这个参数已经没有了，不能撤销。');
        const start = startOf(since, when);
        const last = (await parameterVersions(ctx, [key])).find((version) => version.since <= start);
        if (last?.since.getTime() !== start.getTime() || last.value !== after)
          refuse('parameter.changed', `“${parameter.label}”后来又改过，不能撤销。要改，再说一次改成多少。`);
        await setParameter(ctx, key, before, since > dayOf(ctx.now) ? start : ctx.now);
        return { text: `已撤销：“${parameter.label}”仍然是${showValue(parameter, before)}。` };
      },
    },
  });

  const list = defineIntent({
    name: 'parameter.list',
    title: '参数',
    help: '“参数”：全县的时限、上限现在各是多少',
    says: ['参数', '看参数', '参数 审核', '有哪些参数'],
    matches: [
      sure`(?:看|查|看看|查看|列出)?(?:全部|所有|县里的?)?参数(?:表|清单|设置)?(?:\s+(?<about>\S.{0,19}))?`,
      sure`(?:现在)?(?:都)?有(?:哪些|什么)参数[？?]?`,
    ],
    who: anybody,
    where: 'anywhere',
    slots: {
      about: optional(text('哪方面', '看哪方面的参数？', { max: 20 })),
      from: optional(measure('从第几个', '从第几个看起？')),
    },
    reads: true,
    async run(ctx, said): Promise<Reply> {
      const { about = '' } = said;
      const fits = declared.filter(({ label, words = [], clause, module }) =>
        [label, ...words, clause, module].some((words) => words.includes(about)),
      );
      if (fits.length === 0) return { text: `没有和“${about}”有关的参数。说“参数”看全部。` };
      const start = said.from?.value ?? 0;
      const page = fits.slice(start, start + PAGE);
      const values = await parameters(ctx, Object.fromEntries(page.map((each) => [each.key, each])));
      const lines = page.map((each, i) => {
        const heading = each.module === page[i - 1]?.module ? '' : `【${each.module}】\n`;
        const value = values[each.key] ?? each.default;
        const usual = value === each.default ? '默认' : `默认${each.default}`;
        return `${heading}${each.label}：${showValue(each, value)}（${usual}）。${each.clause}。`;
      });
      const left = fits.length - start - page.length;
      const end = left > 0 ? `还有${left}个，说“下一页”。` : '改过几次、谁改的，说“为什么审核时限是2天”这样的话。';
      const more = left > 0 ? { more: tap('parameter.list', { about: said.about, from: String(start + PAGE) }) } : {};
      return { text: [...lines, end].join('\n'), list: [], ...more };
    },
  });

  const why = defineIntent({
    name: 'parameter.why',
    title: '参数依据',
    help: '“为什么审核时限是2天”：按哪条来的、谁改过',
    says: ['为什么审核时限是2天', '审核时限是谁改的', '为什么是2个工作日'],
    near: ['谁改过参数'],
    matches: [
      sure`(?:为什么|为啥|凭什么)(?<parameter>${labels})(?:是|为|要|只有)?(?<value>[^？?]{1,12}?)?[？?]?`,
      sure`(?<parameter>${labels})(?:为什么|为啥|怎么)(?:是|要|只有)?(?<value>[^？?]{1,12}?)?[？?]?`,
      sure`(?<parameter>${labels})(?:是)?(?:谁|什么时候)(?:改|定|设)的[？?]?`,
      sure`(?:查|看)(?<parameter>${labels})`,
      sure`(?:为什么|为啥)(?:是|要|只有|只能)(?<value>[\d一二两三四五六七八九十百.]+[^？?\d]{1,8}?)[？?]?`,
    ],
    who: anybody,
    where: 'anywhere',
    slots: { parameter: optional(nameOf(declared)), value: optional(measure('多少', '是多少？')) },
    reads: true,
    async run(ctx, { parameter: label, value: asked }): Promise<Reply> {
      const found: string[] = [];
      for (const each of declared) {
        if (label !== undefined && each.label !== label) continue;
        const { value, versions } = await inForce(ctx, each);
        if (label === undefined && !(asked && value === asked.value && isSame(each, asked.unit))) continue;
        found.push(explained(each, value, versions, ctx));
      }
      if (found.length === 0) return { text: '没有哪个参数现在是这个数。说“参数”看全部；想问别的数，请说出它的名字。' };
      return { text: found.join('\n\n') };
    },
  });

  return defineModule({ name: 'policy', title: '参数', intents: [set, list, why] });
}

type Change = { readonly value: { readonly value: number; readonly unit: string }; readonly since: Day };

/** @throws Refusal when it is not allowed or changes nothing */
function assertChanges(
  parameter: Parameter,
  { value: { value, unit }, since }: Change,
  now: number,
  later: readonly ParameterVersion[],
  moment: Date,
): void {
  assertAllowed(parameter, value, unit);
  const start = startOf(since, moment);
  const then = later.find((version) => version.since <= start)?.value ?? now;
  if (then === value) refuse('parameter.same', `“${parameter.label}”到那时本来就是${showValue(parameter, value)}，不用改。`);
}

function startOf(since: Day, now: Date): Date {
  return since > dayOf(now) ? at(since, '00:00') : now;
}

/** The value that counts now and the versions, the latest first; `later` are those that count from another day on. */
async function inForce(ctx: Ctx, parameter: Declared) {
  const versions = await parameterVersions(ctx, [parameter.key]);
  const values = await parameters(ctx, { [parameter.key]: parameter });
  return {
    value: values[parameter.key] ?? parameter.default,
    versions,
    later: versions.filter(({ since }) => since > ctx.now),
  };
}

function explained(parameter: Declared, value: number, versions: readonly ParameterVersion[], ctx: Ctx): string {
  const [min, max] = parameter.range;
  const who = (by: string | null) => (by === null || ctx.place === 'group' ? '县里' : by);
  const lines = versions
    .slice(0, VERSIONS)
    .map(({ value: set, since, by }) => `${dayOf(since)}起${showValue(parameter, set)}（${who(by)}定）`);
  return [
    `“${parameter.label}”现在是${showValue(parameter, value)}。`,
    `${parameter.clause}（${parameter.module}）。默认${showValue(parameter, parameter.default)}，县里可以定${min}到${showValue(parameter, max)}。`,
    ...(lines.length > 0 ? lines : ['县里没有改过。']),
  ].join('\n');
}

function isSame(parameter: Parameter, unit: string): boolean {
  try {
    assertAllowed(parameter, parameter.default, unit);
    return true;
  } catch {
    return false;
  }
}

/** One of the declared, by its label or another name for it. */
function nameOf(declared: readonly Declared[]): Slot<string> {
  return {
    label: '参数',
    ask: '要改哪个参数？说“参数”看全部。',
    parse(said) {
      const words = said.trim();
      const exact = declared.find(({ label, words: others = [] }) => [label, ...others].includes(words));
      const like = declared.filter(({ label }) => words !== '' && (label.includes(words) || words.includes(label)));
      const found = exact ?? (like.length === 1 ? like[0] : undefined);
      if (found) return found.label;
      const near = like.length > 1 ? `是指${like.map(({ label }) => `“${label}”`).join('还是')}？` : '说“参数”看全部的名字。';
      return refuse('parameter.unknown', `没有叫“${words.slice(0, 20)}”的参数。${near}`);
    },
    say: (label) => label,
    show: (label) => label,
  };
}
