/** 名册导入: a file becomes a difference to look at, the difference is carried out, and can be taken back for a day. */
import type { Ctx } from '../../bot/ctx.ts';
import { LEAVER } from '../../bot/succession.ts';
import type { Reply } from '../../bot/reply.ts';
import { nextNumber } from '../../db/numbers.ts';
import { dayOf, showTime, yearOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { tailMark } from '../rules.ts';
import { everyHolder } from '../store.ts';
import { administrator } from '../who.ts';
import {
  checkRoster,
  count,
  difference,
  keepingAlliances,
  keepingSkills,
  losing,
  reverse,
  stillFits,
  type Plan,
  type Roster,
  type SealedPhone,
} from './rules.ts';
import {
  carryOut,
  findImport,
  lastApplied,
  loadRoster,
  lockRoster,
  moveImport,
  personIds,
  saveImport,
  type Import,
} from './store.ts';
import { faultLines, isEmpty, outline, previewCard } from './text.ts';
import { readWorkbook } from './workbook.ts';

/** How long an import can be applied after it was shown, and taken back after it was applied. */
const OPEN_MS = 24 * 3_600_000;
/** Faults that fit a message; the command line prints more. */
const FAULTS_IN_CHAT = 20;

/** The roster in the file, phones sealed. @throws Refusal `roster.invalid` with up to `show` faults, or as readWorkbook does */
export async function readRoster(
  { vault, now }: Pick<Ctx, 'vault' | 'now'>,
  bytes: Uint8Array,
  show = FAULTS_IN_CHAT,
): Promise<Roster<SealedPhone>> {
  const { lines, faults } = await readWorkbook(bytes);
  // Rows are only worth checking once the sheets are right: a missing column would be a fault in every row.
  const checked = faults.length > 0 ? { faults, roster: undefined } : checkRoster(lines, dayOf(now));
  if (!checked.roster || checked.faults.length > 0) return refuse('roster.invalid', faultLines(checked.faults, show));
  const { people, ...rest } = checked.roster;
  const sealed = (phone: string): SealedPhone => ({
    sealed: vault.seal(phone),
    mark: vault.mark(phone),
    tail: tailMark(vault, phone),
  });
  return { ...rest, people: people.map((person) => ({ ...person, phone: person.phone === null ? null : sealed(person.phone) })) };
}

/** What the roster would change, and what is stored before. */
export async function planRoster(ctx: Ctx, roster: Roster<SealedPhone>): Promise<{ plan: Plan; stored: Roster<SealedPhone> }> {
  const stored = await loadRoster(ctx);
  return { plan: difference(stored, keepingSkills(keepingAlliances(roster, stored), stored)), stored };
}

/** Keeps a difference under a number of its own. @returns R-2026-0001 */
export async function propose(ctx: Ctx, source: Import['source'], plan: Plan): Promise<string> {
  const no = await nextNumber(ctx.tx, ctx.corp, 'R', yearOf(ctx.now));
  await saveImport(ctx, { no, source, plan }, new Date(ctx.now.getTime() - OPEN_MS));
  return no;
}

/** For the file an administrator sent: the card with what would change and 确认导入. @throws Refusal when it is no sound roster, or not theirs to send */
export async function previewRoster(ctx: Ctx, bytes: Uint8Array): Promise<Reply> {
  if (administrator.standings(ctx.actor).length === 0) refuse('roster.forbidden', administrator.otherwise);
  const { plan, stored } = await planRoster(ctx, await readRoster(ctx, bytes));
  if (isEmpty(plan)) return { text: '名册收到了，和现在的一模一样，没有要改的。' };
  const no = await propose(ctx, 'FILE', plan);
  ctx.record(no, counts(plan));
  return { card: previewCard(no, plan, stored) };
}

/** Carries out what was shown. @throws Refusal when it is decided, too old, or what it starts from has changed since */
export async function applyRoster(ctx: Ctx, no: string): Promise<Reply> {
  await lockRoster(ctx);
  const plan = await openPlan(ctx, no);
  const { stale } = stillFits(plan, await loadRoster(ctx));
  if (stale > 0)
    refuse(
      'roster.changed',
      `${no} 预览之后名册又变过（${stale}处对不上），所以什么都没有导入。请把文件重新发一次，看新的预览。`,
    );
  if (!(await moveImport(ctx, no, 'PREVIEWED', 'APPLIED'))) refuse('roster.decided', `${no} 已经办过了。`);
  await carryOut(ctx, plan);
  if ((await everyHolder(ctx, 'ADMINISTRATOR')).length === 0)
    refuse(
      'roster.no-administrator',
      `照 ${no} 办，就没有系统管理员了，以后没有人能管名册，所以什么都没有导入。请先登记一名新的系统管理员。`,
    );
  await tellModules(ctx, plan);
  ctx.record(no, counts(plan));
  return {
    card: {
      title: `${no} 已导入`,
      quote: `${outline(plan).join('\n')}\n24小时内可以说“撤销名册”退回去。离开的人手上的事会转出去，并告诉有关的人。`,
      done: '已导入',
    },
  };
}

/** Takes back the import applied last, `no` or whichever it is; what has changed again since then stays. @throws Refusal */
export async function undoRoster(ctx: Ctx, no?: string): Promise<Reply> {
  await lockRoster(ctx);
  const last = await lastApplied(ctx);
  if (!last?.appliedAt) return refuse('roster.nothing', '没有导入过名册，没有可以撤销的。');
  if (no !== undefined && no !== last.no) refuse('roster.not-last', `只能撤销最近一次导入，也就是 ${last.no}，${no} 不是。`);
  const isOver = ctx.now.getTime() - last.appliedAt.getTime() > OPEN_MS;
  if (isOver || !last.plan)
    return refuse(
      'roster.too-late',
      `${last.no} 是${showTime(last.appliedAt, ctx.now)}导入的，过了24小时不能撤销。请改好名册文件重新导入。`,
    );
  const { plan, stale } = stillFits(reverse(last.plan), await loadRoster(ctx));
  if (!(await moveImport(ctx, last.no, 'APPLIED', 'UNDONE'))) refuse('roster.decided', `${last.no} 已经撤销了。`);
  await carryOut(ctx, plan);
  await tellModules(ctx, plan);
  ctx.record(last.no, { ...counts(plan), kept: stale });
  const kept = stale > 0 ? `\n其中${stale}处导入之后又变过，保持现在的样子。` : '';
  return {
    card: { title: `${last.no} 已撤销`, quote: `名册退回到导入前：\n${outline(plan).join('\n')}${kept}`, done: '已撤销' },
  };
}

/** @throws Refusal when there is no such import, or it can't be applied any more */
export async function openPlan(ctx: Ctx, no: string): Promise<Plan> {
  const found = (await findImport(ctx, no)) ?? refuse('roster.unknown', `没有找到 ${no}，请核对编号，或把名册文件重新发给我。`);
  if (found.state !== 'PREVIEWED')
    refuse('roster.decided', `${no} ${found.state === 'APPLIED' ? '已经导入了' : '已经撤销了'}，不用再办。`);
  const isOver = ctx.now.getTime() - found.at.getTime() > OPEN_MS;
  if (isOver || !found.plan) return refuse('roster.expired', `${no} 的预览过了24小时，已经作废。请把名册文件重新发给我。`);
  return found.plan;
}

/** Whoever leaves or loses a standing: what lies in their hands goes to others, a unit of work each. */
async function tellModules(ctx: Ctx, plan: Plan): Promise<void> {
  for (const person of await personIds(ctx, losing(plan))) ctx.schedule(LEAVER, { person }, ctx.now, { key: person });
}

function counts(plan: Plan) {
  return { organisations: count(plan.organisations), people: count(plan.people), standings: count(plan.standings) };
}
