/** How a roster's faults and differences read. For the administrators' own chat and the command line: names are whole. */
import type { Card } from '../../bot/reply.ts';
import { ROLE } from '../words.ts';
import { tap } from '../taps.ts';
import { count, gained, type Change, type Plan, type Roster, type SealedPhone, type StandingRow } from './rules.ts';

/** Names a line of the preview has room for. */
const NAMED = 8;
/** From so many leavers, and such a share of everybody, a file is likely to be only a part of the roster. */
const SUSPICIOUS = { people: 5, share: 0.2 } as const;

export function faultLines(faults: readonly string[], show: number): string {
  const rest = faults.length > show ? [`……还有${faults.length - show}处。`] : [];
  return [`名册有${faults.length}处要改，什么都没有导入：`, ...faults.slice(0, show), ...rest, '改好后重新发一次就行。'].join(
    '\n',
  );
}

export function isEmpty(plan: Plan): boolean {
  return plan.organisations.length + plan.people.length + plan.standings.length === 0;
}

/** 人员：新增3、变更1、离开2, a line a sheet. */
export function outline(plan: Plan): string[] {
  const line = (title: string, changes: readonly Change<unknown>[]) => {
    const { added, changed, gone } = count(changes);
    return `${title}：新增${added}、变更${changed}、离开${gone}`;
  };
  return [line('组织', plan.organisations), line('人员', plan.people), line('身份', plan.standings)];
}

/** The outline, who is meant by it, and a warning when too many leave. @param stored the roster it would change */
export function detail(plan: Plan, stored: Roster<SealedPhone>): string[] {
  const peopleNow = stored.people.length;
  const names = new Map<string, string>([
    ...stored.people.map(({ account, name }) => [account.toLowerCase(), name] as const),
    ...stored.organisations.map(({ code, shortName }) => [code, shortName] as const),
    ...plan.organisations.flatMap(({ after }) => (after ? [[after.code, after.shortName] as const] : [])),
  ]);
  for (const { before, after } of plan.people) {
    for (const row of [before, after]) if (row) names.set(row.account.toLowerCase(), row.name);
  }
  const standing = ({ account, role, organisation }: StandingRow) =>
    `${names.get(account) ?? account}（${names.get(organisation) ?? organisation}${ROLE[role]}）`;
  const able = plan.people.flatMap(({ before, after }) => {
    const skills = gained(before, after);
    return after && skills.length > 0 ? [`${after.name}（${skills.join('、')}）`] : [];
  });
  const leaving = count(plan.people).gone;
  const isPart = leaving >= SUSPICIOUS.people && leaving > peopleNow * SUSPICIOUS.share;
  const warning = `请注意：有${leaving}人会离开，占现在的${Math.round((leaving / peopleNow) * 100)}%。名册要放全部人员，不是只放新来的。`;
  return [
    ...outline(plan),
    ...(isPart ? [warning] : []),
    ...named('组织', plan.organisations, ({ name }) => name),
    ...named('人员', plan.people, ({ name }) => name),
    ...listed('特长加上', able),
    ...named('身份', plan.standings, standing),
  ];
}

function named<T>(title: string, changes: readonly Change<T>[], name: (row: T) => string): string[] {
  const kinds = [
    ['新增', changes.filter(({ before }) => !before)],
    ['变更', changes.filter(({ before, after }) => before && after)],
    ['离开', changes.filter(({ after }) => !after)],
  ] as const;
  return kinds.flatMap(([kind, list]) => {
    return listed(
      title + kind,
      list.map(({ before, after }) => name((after ?? before) as T)),
    );
  });
}

function listed(title: string, all: readonly string[]): string[] {
  const rest = all.length > NAMED ? `等${all.length}` : '';
  return all.length === 0 ? [] : [`${title}：${all.slice(0, NAMED).join('、')}${rest}`];
}

export function previewCard(no: string, plan: Plan, stored: Roster<SealedPhone>): Card {
  return {
    title: `名册导入 ${no}`,
    note: '还没有导入，请核对',
    quote: detail(plan, stored).join('\n'),
    buttons: [{ text: '确认导入', tap: tap('roster.apply', { number: no }), look: 'primary' }],
  };
}
