/** 需求数据: figures of a place and a period, each with what it is of and the list behind it (checklist D9, rules.md 1.11, row 59). */
import type { Organisation } from '../../../bot/actor.ts';
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import type { Reply } from '../../../bot/reply.ts';
import { optional, type Said } from '../../../bot/slot.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { period } from '../../../bot/slots/period.ts';
import { text } from '../../../bot/slots/text.ts';
import { PERIOD, type Period } from '../../../kernel/period.ts';
import { refuse } from '../../../kernel/refusal.ts';
import {
  answersFor,
  below,
  COUNTY_ROLES,
  countyOf,
  holding,
  organisationNamed,
  type OrganisationKind,
} from '../../../people/index.ts';
import { REVIEWER_ROLES } from '../../rules.ts';
import { tap } from '../../taps.ts';
import { NEED_CLASS, NEED_CLASSES } from '../../words.ts';
import { higherFirst, showDuration, showRate } from '../rules.ts';
import { listBehind, readFigures, type Figures, type Scope } from '../store.ts';
import { lookedUp, toldOf } from '../told.ts';
import { FIGURE, FIGURES, isOpinion, type Figure } from '../words.ts';

const readers = holding(
  REVIEWER_ROLES,
  '需求数据由支部书记、乡镇街道、县级组织部门和两新工委看，各看各自范围的。您自己的说“我的”就能看。',
  { bySubject: true },
);

const LABELS = FIGURES.map((each) => FIGURE[each].label).join('|');
/** Words before the figures that name no place. */
const OWN = [
  '需求|名单|我|咱|本|各|全|哪|这|现在|目前|一共|看|查',
  '(?:支部|单位|街道|镇街|县里|区里|镇里)(?:的|需求)',
  PERIOD,
].join('|');
const where = {
  period: optional(period('时段', '哪个时段？如今年、上半年、2026年第三季度、11月。')),
  place: optional(text('范围', '看哪里的？县、镇街或党组织的名字。', { max: 40 })),
};

export const figures = defineIntent({
  name: 'stats.query.needs',
  title: '需求数据',
  help: '“需求数据 2026年第3季度 瞿溪”：认领率、完成率、满意率……每个数都能看名单',
  says: ['需求数据', '需求数据 2026年第3季度 瞿溪', '需求数据 上季度', '需求数据 今年', '需求数据 上个月', '认领率多少'],
  near: ['全县现在多少条没人管', '导出全县数据', '哪家超期了', '有哪些超期的', '谁没完成任务'],
  matches: [
    sure`(?:看|查)?需求(?:库)?(?:的)?(?:数据|统计|指标)(?:\s*(?<period>${PERIOD}))?(?:\s+(?<place>\p{Script=Han}\S{1,19}))?`,
    sure`(?:需求(?:的)?)?(?:${LABELS})(?:是)?(?:多少|怎么样)?[？?]?`,
    sure`(?:看看?|查查?)?(?:一下)?(?:(?!${OWN})(?<place>\p{Script=Han}{2,12}?)的?)?\s*(?<period>${PERIOD})?的?\s*(?:需求(?:库)?的?(?:数据|统计|指标)|(?:需求的?)?(?:${LABELS}))(?:是)?(?:多少|怎么样|咋样)?[？?]?`,
  ],
  who: readers,
  where: 'private',
  hears: (words) => (ELSEWHERE.test(words) || COMPARED.test(words) ? undefined : periodIn(words)),
  slots: where,
  reads: true,
  async run(ctx, said): Promise<Reply> {
    const { place, scope } = await within(ctx, said);
    const all = await readFigures(ctx, scope);
    const assigned = all.assigned > 0 ? `，另有${all.assigned}条是兜底指派的` : '';
    const isTold = await toldOf(ctx, [place], scope.period);
    const isKept = (figure: Figure) => isOpinion(figure) && !isTold(place, figure);
    const line = (figure: Figure) => `${FIGURE[figure].label} ${isKept(figure) ? FEW : showRate(all[figure])}`;
    const here = { period: said.period?.words, place: said.place };
    return {
      card: {
        title: `${place.shortName} ${showPeriod(scope)}`,
        note: `公开${all.published}条${showClasses(all)}`,
        quote: [
          `${line('CLAIMED')}${assigned}`,
          `认领时长（中位数） ${all.medianS === null ? '没有' : showDuration(all.medianS)}`,
          ...FIGURES.filter((figure) => figure !== 'CLAIMED').map(line),
          ...(FIGURES.some(isKept) ? [WHY_FEW] : []),
          `别的名单说“看名单 ${['参评率', here.period, here.place].filter(Boolean).join(' ')}”。`,
        ].join('\n'),
        buttons: BUTTONS.map((figure) => ({
          text: `${FIGURE[figure].label}名单`,
          tap: tap('stats.query.list', { figure, ...here }),
        })),
      },
      figure: RULES,
    };
  },
});

/** Figures that are not those of the needs library. */
const ELSEWHERE = /公积金|预存|团购|节约|省了|贷款|先锋贷|共享员工|活动|志愿|[一二三四五几]星|星级|入[驻库]|企业数|家企业/u;
const COMPARED = /各(?:镇|街|乡|支部|联盟|单位)|哪个|排名|排个名|排第|排几|第几|谁最|垫底|对比|比别人/u;

function periodIn(words: string): Said {
  const said = new RegExp(PERIOD, 'u').exec(words)?.[0];
  return said === undefined ? {} : { period: said };
}

export const compared = defineIntent({
  name: 'stats.query.compared',
  title: '各地对比',
  help: '“各镇街对比 2026年第3季度”：下一级各单位的认领率、完成率、满意率，按完成率从高到低',
  says: ['各镇街对比', '各支部对比 上季度', '各镇街对比 今年', '镇街排名'],
  matches: [
    sure`(?:看|查)?(?:需求)?(?:各?(?:镇街|街道|乡镇|镇|党支部|支部|单位|地))(?:的)?(?:需求)?(?:对比|比较|排名|数据)(?:\s*(?<period>${PERIOD}))?(?:\s+(?<place>\p{Script=Han}\S{1,19}))?`,
  ],
  who: readers,
  where: 'private',
  hears: (words) => (!ELSEWHERE.test(words) && COMPARED.test(words) ? periodIn(words) : undefined),
  slots: where,
  reads: true,
  async run(ctx, said) {
    const { place, scope } = await within(ctx, said);
    const parts = (await below(ctx, place.id, PARTS)).filter(({ parent }) => parent?.id === place.id);
    if (parts.length === 0)
      refuse('figures.no-parts', `${place.shortName}下面没有可比的单位。说“需求数据 ${place.shortName}”看它自己的。`);
    const rows: { part: Organisation; all: Figures }[] = [];
    for (const part of parts) rows.push({ part, all: await readFigures(ctx, { ...scope, organisationId: part.id }) });
    rows.sort((a, b) => higherFirst(a.all.FINISHED, b.all.FINISHED) || b.all.published - a.all.published);
    const isTold = await toldOf(ctx, parts, scope.period);
    const isKept = (part: Organisation, figure: Figure) => isOpinion(figure) && !isTold(part, figure);
    const line = ({ part, all }: (typeof rows)[number], n: number) =>
      [
        `${n + 1}. ${part.shortName}：公开${all.published}条`,
        ...(['CLAIMED', 'FINISHED', 'SATISFIED'] as const).map(
          (figure) => `${FIGURE[figure].label} ${isKept(part, figure) ? FEW : showRate(all[figure])}`,
        ),
      ].join('，');
    return {
      text: [
        `${place.shortName}下面${rows.length}个单位 ${showPeriod(scope)}，按完成率从高到低：`,
        ...rows.slice(0, SHOWN).map(line),
        ...(rows.length > SHOWN ? [`……还有${rows.length - SHOWN}个。`] : []),
        ...(rows.slice(0, SHOWN).some(({ part }) => isKept(part, 'SATISFIED')) ? [WHY_FEW] : []),
        '看一个单位的全部数字，说“需求数据 单位名”。',
      ].join('\n'),
      figure: RULES,
    };
  },
});

/** In the place of a rate by which one person could be made out. */
const FEW = '人数少，不单列';
const WHY_FEW = '不单列的：说的人太少，或者和别的数一减就知道是谁说的。';

/** What a county and a town are compared by. */
const PARTS = ['TOWN', 'COMMITTEE', 'GENERAL_BRANCH', 'BRANCH'] as const satisfies readonly OrganisationKind[];

/** （A类1，C类8）; nothing where there is none. */
function showClasses({ classes }: Figures): string {
  const there = NEED_CLASSES.toReversed().filter((each) => classes[each] > 0);
  return there.length === 0 ? '' : `（${there.map((each) => `${NEED_CLASS[each].letter}类${classes[each]}`).join('，')}）`;
}

/** Whose lists are a press away. */
const BUTTONS = ['CLAIMED', 'FINISHED', 'SATISFIED', 'STALE', 'RECTIFIED', 'RETIRED'] as const satisfies readonly Figure[];

/** Told to whoever asks 为什么是这个数. */
const RULES = [
  '都按这个范围、这个时段里公开的需求算，到现在为止；后四个按这个时段里整个季度的检查算。',
  '认领率：有党员或集体认领过的÷公开的，兜底指派不算认领。认领时长：从公开到第一次认领。集体占比：集体认领过的÷认领过的。',
  '完成率：办完的÷（认领或指派过的－报的人撤回的）。按时率：期限内办完的÷写了期限、已经办完或到期的。',
  '满意率：评3分以上的÷评过的。参评率：评过的÷请评过的。回访解决率：回访说已解决的÷回访有答复的，联系不上的不算。过期占比：÷公开的。',
  '满意率、回访解决率是一个一个人说的：说的人少于参数“单列最少人数”，或者和别的数一减就知道是谁说的，不单列；归自己审核的、县里检查的照看。',
  '整改率、退出率：÷检查过的。检查覆盖：检查过的A、B类÷全部A、B类；C类÷抽到的。中途离开需求库、没来得及检查的不算。',
].join('\n');

export const behind = defineIntent({
  name: 'stats.query.list',
  title: '看名单',
  help: '“看名单 认领率 2026年第3季度 瞿溪”：这个数是哪几条',
  says: ['看名单 认领率', '看名单 完成率 2026年第3季度 瞿溪', '看名单'],
  matches: [
    sure`(?:看|查)名单(?:\s*(?<figure>${LABELS}))?(?:\s*(?<period>${PERIOD}))?(?:\s+(?<place>\p{Script=Han}\S{1,19}))?`,
    sure`(?:看|查)(?:一下)?(?<figure>${LABELS})(?:的)?名单`,
  ],
  who: readers,
  where: 'private',
  hears: () => undefined,
  slots: {
    figure: choice<Figure>(
      '指标',
      '看哪个指标的名单？',
      FIGURES.map((value) => ({ value, show: FIGURE[value].label })),
    ),
    ...where,
  },
  reads: true,
  async run(ctx, said) {
    const { place, scope } = await within(ctx, said);
    const { label, yes, no } = FIGURE[said.figure];
    const { [said.figure]: count } = await readFigures(ctx, scope);
    const head = `${place.shortName} ${showPeriod(scope)} ${label}`;
    const open = isOpinion(said.figure) ? lookedUp(ctx.actor.standings, place) : 'all';
    if (isOpinion(said.figure) && !(await toldOf(ctx, [place], scope.period))(place, said.figure))
      return { text: `${head} ${FEW}，也不列名单。\n${WHY_FEW}`, list: [], figure: RULES };
    const among = open === 'all' ? undefined : open;
    const rest = await listBehind(ctx, scope, said.figure, false, SHOWN, among);
    const counted = await listBehind(ctx, scope, said.figure, true, SHOWN, among);
    const line = (words: string, nos: readonly string[], all: number) =>
      `${words}${all}条${nos.length === 0 ? '' : `：${nos.join('、')}${nos.length < all ? '等' : ''}`}`;
    return {
      text: [
        `${head} ${showRate(count)}`,
        line(no, rest, count.of - count.yes),
        line(yes, counted, count.yes),
        ...(among && rest.length + counted.length < Math.min(count.of, SHOWN) ? ['不归您审核的只报数，不列是哪几条。'] : []),
      ].join('\n'),
      list: [...rest, ...counted],
      opens: 'need.query.one',
      figure: RULES,
    };
  },
});

const SHOWN = 30;

function showPeriod({ period: one }: Scope): string {
  return one?.words ?? '全部';
}

/** The place asked about, or the widest the actor answers for. @throws Refusal when it is none of theirs */
async function within(
  ctx: Ctx,
  said: { period: Period | undefined; place: string | undefined },
): Promise<{ place: Organisation; scope: Scope }> {
  const standings = readers.standings(ctx.actor);
  const places = standings.map(({ role, organisation }) =>
    (COUNTY_ROLES as readonly string[]).includes(role) ? countyOf(organisation) : organisation,
  );
  const place =
    said.place === undefined
      ? (places.find(({ kind }) => kind === 'COUNTY') ?? places[0])
      : await organisationNamed(ctx, said.place);
  if (!place) return refuse('who.forbidden', readers.otherwise);
  if (!places.some(({ id }) => id === place.id) && !standings.some((standing) => answersFor(standing, place)))
    refuse(
      'figures.not-yours',
      `${place.shortName}的数据不在您的范围里，您能看${places.map(({ shortName }) => shortName).join('、')}的。`,
    );
  return { place, scope: { organisationId: place.id, period: said.period } };
}
