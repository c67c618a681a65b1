/** 名册的核对与比较: pure. Lines of a file → a roster or all its faults; two rosters → what changes; and back. */
import type { Day } from '../../kernel/calendar.ts';
import { isSkill, SKILL, skillsIn } from '../rules.ts';
import {
  MEMBERSHIP,
  ORGANISATION_KIND,
  POSITION,
  ROLE,
  ROLE_AT,
  type MembershipKind,
  type OrganisationKind,
  type Position,
  type Role,
} from '../words.ts';
import { SHEETS, type Field, type Line, type Lines, type SheetName } from './columns.ts';

/** `parent` and `party` are codes, `alliances` the memberships as `membershipsIn` reads them. */
export type OrganisationRow = {
  readonly code: string;
  readonly name: string;
  readonly shortName: string;
  readonly kind: OrganisationKind;
  readonly parent: string | null;
  readonly party: string | null;
  readonly alliances: string | null;
};

/** 1+X+N: an enterprise in an alliance, which is a code. */
export type Member = { readonly alliance: string; readonly kind: MembershipKind; readonly position: Position };

/** A phone in words, or sealed. */
export type PersonRow<Phone> = {
  readonly account: string;
  readonly name: string;
  readonly phone: Phone | null;
  /** 特长: what the person said of themselves and what a file added. */
  readonly skills: readonly string[];
};

/** `account` in lower case, `organisation` a code, `until` the last day it is valid. */
export type StandingRow = {
  readonly account: string;
  readonly role: Role;
  readonly organisation: string;
  readonly until: Day | null;
};

export type Roster<Phone> = {
  readonly organisations: readonly OrganisationRow[];
  readonly people: readonly PersonRow<Phone>[];
  readonly standings: readonly StandingRow[];
};

export type SealedPhone = { readonly sealed: string; readonly mark: string; readonly tail: string };

const LIMIT = { code: 32, name: 60, shortName: 20, account: 64, personName: 30 } as const;
/** Starts with a letter or a digit, so never with what a spreadsheet takes for a formula. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N}\p{M} ·•・.,，、&'’“”()（）《》〈〉_—-]*$/u;
const CODE = /^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u;
/** What WeCom allows as a userid. */
const ACCOUNT = /^[A-Za-z0-9][A-Za-z0-9_@.-]*$/;
const MOBILE = /^1[3-9]\d{9}$/;
const PARTY_KINDS: readonly OrganisationKind[] = ['COMMITTEE', 'GENERAL_BRANCH', 'BRANCH'];

/** Spaces, width and brackets do not tell words apart. */
const plain = (words: string) => words.normalize('NFKC').replace(/\s+/gu, '');
const quoted = (words: string) => `“${[...words].slice(0, 20).join('')}${[...words].length > 20 ? '…' : ''}”`;

/** The roster in the file and every fault in it, in the order of the file; it is good for use only when there is none. */
export function checkRoster(lines: Lines, today: Day): { roster: Roster<string>; faults: readonly string[] } {
  const faults: { sheet: number; row: number; words: string }[] = [];
  const order = Object.keys(SHEETS);
  const fault = <S extends SheetName>(sheet: S, row: number, field: Field<S>, words: string) => {
    const { title, columns } = SHEETS[sheet];
    const { header } = (columns as Record<string, { header: string }>)[field] as { header: string };
    faults.push({ sheet: order.indexOf(sheet), row, words: `${title} 第${row}行“${header}”${words}` });
  };
  /** A required cell, within its length and form. */
  const cell = <S extends SheetName>(sheet: S, line: Line<S>, field: Field<S>, max: number, form: RegExp): string => {
    const words: string | undefined = line.cells[field];
    if (words === undefined) fault(sheet, line.row, field, '应填写，现在是空的');
    else if ([...words].length > max) fault(sheet, line.row, field, `应不超过${max}个字，现在有${[...words].length}个`);
    else if (!form.test(words)) fault(sheet, line.row, field, `应只有文字、数字和常用标点，现在是${quoted(words)}`);
    return words ?? '';
  };
  const unique = <S extends SheetName>(sheet: S, field: Field<S>, rows: readonly { row: number; key: string }[]) => {
    const first = new Map<string, number>();
    for (const { row, key } of rows) {
      const earlier = first.get(key);
      if (earlier === undefined) first.set(key, row);
      else if (key !== '') fault(sheet, row, field, `应不重复，现在和第${earlier}行一样`);
    }
  };

  const organisations = lines.organisations.map((line) => {
    const said = line.cells.kind;
    const kind = kindOf(said ?? '');
    if (said === undefined) fault('organisations', line.row, 'kind', '应填写，现在是空的');
    else if (!kind)
      fault('organisations', line.row, 'kind', `应是${Object.values(ORGANISATION_KIND).join('、')}之一，现在是${quoted(said)}`);
    return {
      line,
      code: plain(cell('organisations', line, 'code', LIMIT.code, CODE)),
      name: cell('organisations', line, 'name', LIMIT.name, NAME),
      shortName: cell('organisations', line, 'shortName', LIMIT.shortName, NAME),
      kind,
    };
  });
  type Known = (typeof organisations)[number];
  const byName = new Map<string, Known>(organisations.map((o) => [plain(o.name), o]));
  const byCode = new Map<string, Known>(organisations.map((o) => [o.code, o]));
  /** A short name that several bear means none of them. */
  const byShortName = new Map<string, Known | undefined>();
  for (const each of organisations) {
    const key = plain(each.shortName);
    byShortName.set(key, byShortName.has(key) ? undefined : each);
  }
  const find = (words: string) => byCode.get(plain(words)) ?? byName.get(plain(words)) ?? byShortName.get(plain(words));
  const pointing = <S extends SheetName>(sheet: S, line: Line<S>, field: Field<S>): Known | undefined => {
    const words = line.cells[field];
    const found = words === undefined ? undefined : find(words);
    if (words !== undefined && !found)
      fault(sheet, line.row, field, `应是“组织”里有的编号、全称或简称，没有找到${quoted(words)}`);
    return found;
  };
  unique(
    'organisations',
    'code',
    organisations.map(({ line, code }) => ({ row: line.row, key: code })),
  );
  unique(
    'organisations',
    'name',
    organisations.map(({ line, name }) => ({ row: line.row, key: plain(name) })),
  );

  const leads = new Map<string, number>();
  /** 电气产业链党建联盟 参与 上游；…: every part of it known, one lead an alliance. */
  const membershipsOf = (line: Line<'organisations'>, kind: OrganisationKind | undefined): string | null => {
    const said = line.cells.alliances;
    if (said === undefined) return null;
    const fail = (words: string) => fault('organisations', line.row, 'alliances', words);
    if (kind && kind !== 'ENTERPRISE') fail('应不填，只有企业才在联盟里');
    const members = said
      .split(/[;；]/u)
      .filter((part) => part.trim() !== '')
      .flatMap((part): Member[] => {
        const read = MEMBER.exec(part.trim());
        const at = read && find(read[1] ?? '');
        if (!read) fail(`应像“电气产业链党建联盟 参与 上游”，现在是${quoted(part.trim())}`);
        else if (at?.kind !== 'ALLIANCE') fail(`应是“组织”里有的产业链党建联盟，没有找到${quoted(read[1] ?? '')}`);
        if (!read || at?.kind !== 'ALLIANCE') return [];
        return [{ alliance: at.code, kind: keyOf(MEMBERSHIP, read[2]), position: keyOf(POSITION, read[3]) }];
      });
    for (const { alliance, kind: as } of members) {
      const earlier = leads.get(alliance);
      if (as !== 'LEAD') continue;
      if (earlier !== undefined) fail(`一个联盟应只有一家牵头，第${earlier}行已经是了`);
      else leads.set(alliance, line.row);
    }
    if (new Set(members.map(({ alliance }) => alliance)).size < members.length) fail('同一个联盟应只写一次');
    return written(members);
  };

  const placed = organisations.map((o): OrganisationRow => {
    const parent = pointing('organisations', o.line, 'parent');
    const party = pointing('organisations', o.line, 'party');
    if (o.line.cells.parent === undefined && o.kind && o.kind !== 'COUNTY')
      fault('organisations', o.line.row, 'parent', '应填写，只有县（市、区）可以不填');
    if (o.line.cells.party !== undefined && o.kind && o.kind !== 'ENTERPRISE')
      fault('organisations', o.line.row, 'party', '应不填，只有企业才填管它的党组织');
    else if (party?.kind && !PARTY_KINDS.includes(party.kind))
      fault('organisations', o.line.row, 'party', `应是党委、党总支或党支部，“${party.name}”不是`);
    const alliances = membershipsOf(o.line, o.kind);
    const { code, name, shortName, kind = 'ENTERPRISE' } = o;
    return { code, name, shortName, kind, parent: parent?.code ?? null, party: party?.code ?? null, alliances };
  });
  const parents = new Map(placed.map(({ code, parent }) => [code, parent]));
  for (const { line, code } of organisations) {
    const circle = circleFrom(code, parents);
    if (circle) fault('organisations', line.row, 'parent', `应一级一级往上，现在绕成了圈：${circle.join('→')}`);
  }

  const people = lines.people.map((line): PersonRow<string> & { row: number } => {
    const phone =
      line.cells.phone === undefined
        ? null
        : plain(line.cells.phone)
            .replaceAll('-', '')
            .replace(/^\+?86(?=1\d{10}$)/u, '');
    // Never the number itself: what is said here is kept with the answers.
    if (phone !== null && !MOBILE.test(phone)) fault('people', line.row, 'phone', '应是11位手机号');
    const skills = skillsIn(line.cells.skills ?? '');
    const wrong = skills.find((skill) => !isSkill(skill));
    if (wrong !== undefined)
      fault('people', line.row, 'skills', `每样应是不超过${SKILL.length}个字的词，几样用顿号隔开，现在有${quoted(wrong)}`);
    if (skills.length > SKILL.kept) fault('people', line.row, 'skills', `应不超过${SKILL.kept}样，现在有${skills.length}样`);
    const account = cell('people', line, 'account', LIMIT.account, ACCOUNT);
    return { row: line.row, account, name: cell('people', line, 'name', LIMIT.personName, NAME), phone, skills };
  });
  unique(
    'people',
    'account',
    people.map(({ row, account }) => ({ row, key: account.toLowerCase() })),
  );
  const accounts = new Set(people.map(({ account }) => account.toLowerCase()));

  const standings = lines.standings.map((line): StandingRow & { row: number } => {
    const account = cell('standings', line, 'account', LIMIT.account, ACCOUNT).toLowerCase();
    if (ACCOUNT.test(account) && !accounts.has(account))
      fault('standings', line.row, 'account', `应是“人员”里有的账号，没有找到${quoted(account)}`);
    if (line.cells.organisation === undefined) fault('standings', line.row, 'organisation', '应填写，现在是空的');
    if (line.cells.role === undefined) fault('standings', line.row, 'role', '应填写，现在是空的');
    const at = pointing('standings', line, 'organisation');
    const role = at?.kind && roleOf(line.cells.role ?? '', at.kind);
    if (at?.kind && line.cells.role !== undefined && !role) {
      const fitting = roles.filter((each) => ROLE_AT[each].includes(at.kind as OrganisationKind)).map((each) => ROLE[each]);
      fault('standings', line.row, 'role', `在“${at.name}”应是${fitting.join('、') || '空的'}，现在是${quoted(line.cells.role)}`);
    }
    const until = line.cells.until === undefined ? null : dayIn(line.cells.until);
    if (until === undefined)
      fault('standings', line.row, 'until', `应是日期，像2027-06-30，现在是${quoted(line.cells.until ?? '')}`);
    else if (until !== null && until < today) fault('standings', line.row, 'until', `应不早于今天，现在是${until}`);
    return { row: line.row, account, role: role ?? 'WORKER', organisation: at?.code ?? '', until: until ?? null };
  });
  unique(
    'standings',
    'role',
    standings.map(({ row, ...s }) => ({ row, key: s.organisation === '' ? '' : standingKey(s) })),
  );

  const inOrder = faults.sort((a, b) => a.sheet - b.sheet || a.row - b.row).map(({ words }) => words);
  if (lines.standings.length > 0 && !standings.some(({ role }) => role === 'ADMINISTRATOR'))
    inOrder.push('身份 应至少有一名系统管理员，否则以后没有人能导入名册');
  const unnumbered = <T extends { row: number }>({ row: _row, ...rest }: T) => rest;
  return {
    roster: { organisations: placed, people: people.map(unnumbered), standings: standings.map(unnumbered) },
    faults: inOrder,
  };
}

const MEMBER = new RegExp(
  `^(.+?)[ ,，]*(${Object.values(MEMBERSHIP).join('|')})(?:单位)?[ ,，]*(${Object.values(POSITION).join('|')})$`,
  'u',
);

function keyOf<T extends string>(words: Readonly<Record<T, string>>, said: string | undefined): T {
  return (Object.keys(words) as T[]).find((key) => words[key] === said) as T;
}

/** In one order, so that the same memberships are the same words. */
function written(members: readonly Member[]): string | null {
  const each = members.map(({ alliance, kind, position }) => `${alliance}:${kind}:${position}`).sort();
  return each.length === 0 ? null : each.join(';');
}

/** What `alliances` of a row says. */
export function membershipsIn(alliances: string | null | undefined): readonly Member[] {
  return (alliances ?? '').split(';').flatMap((each) => {
    const [alliance = '', kind, position] = each.split(':');
    return alliance === '' ? [] : [{ alliance, kind: kind as MembershipKind, position: position as Position }];
  });
}

/** A file whose column 联盟 is empty throughout says nothing of the alliances: they stay as they are. */
export function keepingAlliances<P>(roster: Roster<P>, stored: Roster<P>): Roster<P> {
  if (roster.organisations.some(({ alliances }) => alliances !== null)) return roster;
  const now = new Map(stored.organisations.map(({ code, alliances }) => [code, alliances]));
  return { ...roster, organisations: roster.organisations.map((row) => ({ ...row, alliances: now.get(row.code) ?? null })) };
}

/** 特长 only adds: whatever the column says or leaves out, what people said of themselves stays theirs to drop. */
export function keepingSkills<P>(roster: Roster<P>, stored: Roster<P>): Roster<P> {
  const now = new Map(stored.people.map(({ account, skills }) => [account.toLowerCase(), skills]));
  const kept = ({ account }: PersonRow<P>) => now.get(account.toLowerCase()) ?? [];
  return { ...roster, people: roster.people.map((row) => ({ ...row, skills: [...new Set([...kept(row), ...row.skills])] })) };
}

/** What the second has and the first has not. */
export function gained(from: PersonRow<unknown> | null, to: PersonRow<unknown> | null): readonly string[] {
  const there = from?.skills ?? [];
  return (to?.skills ?? []).filter((skill) => !there.includes(skill));
}

const kinds = Object.keys(ORGANISATION_KIND) as readonly OrganisationKind[];
const roles = Object.keys(ROLE) as readonly Role[];

function kindOf(words: string): OrganisationKind | undefined {
  return kinds.find((kind) => plain(ORGANISATION_KIND[kind]) === plain(words));
}

/** 干部 at the two-new committee is another role than 干部 at the organisation department. */
function roleOf(words: string, kind: OrganisationKind): Role | undefined {
  return roles.find((role) => plain(ROLE[role]) === plain(words) && ROLE_AT[role].includes(kind));
}

/** 2027-6-30, 2027/6/30, 2027年6月30日; undefined when it is no day. */
function dayIn(words: string): Day | undefined {
  const [, year = '', month = '', day = ''] = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/u.exec(plain(words)) ?? [];
  const said = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const date = new Date(`${said}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(said) ? said : undefined;
}

/** The codes from here back to here, if following the parents comes back. */
function circleFrom(code: string, parents: ReadonlyMap<string, string | null>): readonly string[] | undefined {
  const trail = [code];
  for (let at = parents.get(code); at != null && trail.length <= parents.size; at = parents.get(at)) {
    trail.push(at);
    if (at === code) return trail;
  }
  return undefined;
}

/** New: nothing before. Gone: nothing after. */
export type Change<T> = { readonly before: T | null; readonly after: T | null };

export type Plan = {
  readonly organisations: readonly Change<OrganisationRow>[];
  readonly people: readonly Change<PersonRow<SealedPhone>>[];
  readonly standings: readonly Change<StandingRow>[];
};

const standingKey = ({ account, role, organisation }: StandingRow) => `${account}|${role}|${organisation}`;
/** In one order, which JSON in the database does not keep; of a phone the mark, as sealing the same number twice gives two texts. */
const COMPARED = 'code name shortName kind parent party alliances account phone mark role organisation until'.split(' ');
/** Whoever says what they can do changes nothing that an import or its undoing starts from. */
const startsFrom = (row: object) => JSON.stringify(row, COMPARED);
const comparable = (row: object) => JSON.stringify(row, [...COMPARED, 'skills']);

const KEYS = {
  organisations: ({ code }: OrganisationRow) => code,
  people: ({ account }: PersonRow<SealedPhone>) => account.toLowerCase(),
  standings: standingKey,
};

/** What has to change for the first to become the second. */
export function difference(from: Roster<SealedPhone>, to: Roster<SealedPhone>): Plan {
  return {
    organisations: changes(from.organisations, to.organisations, KEYS.organisations),
    people: changes(from.people, to.people, KEYS.people),
    standings: changes(from.standings, to.standings, KEYS.standings),
  };
}

function changes<T extends object>(from: readonly T[], to: readonly T[], key: (row: T) => string): Change<T>[] {
  const before = new Map(from.map((row) => [key(row), row]));
  const after = new Map(to.map((row) => [key(row), row]));
  return [...new Set([...after.keys(), ...before.keys()])].flatMap((each) => {
    const change = { before: before.get(each) ?? null, after: after.get(each) ?? null };
    const isSame = change.before && change.after && comparable(change.before) === comparable(change.after);
    return isSame ? [] : [change];
  });
}

/** Everybody whose account is not among these leaves, with what they hold. */
export function missingFrom(roster: Roster<SealedPhone>, accounts: readonly string[]): Plan {
  const known = new Set(accounts.map((account) => account.toLowerCase()));
  const gone = <T extends { account: string }>(rows: readonly T[]) =>
    rows.filter(({ account }) => !known.has(account.toLowerCase())).map((before) => ({ before, after: null }));
  return { organisations: [], people: gone(roster.people), standings: gone(roster.standings) };
}

export function reverse(plan: Plan): Plan {
  const back = <T>(list: readonly Change<T>[]) => list.map(({ before, after }) => ({ before: after, after: before }));
  return { organisations: back(plan.organisations), people: back(plan.people), standings: back(plan.standings) };
}

/** The part of a plan that still starts from what is stored, and how many changes no longer do. */
export function stillFits(plan: Plan, stored: Roster<SealedPhone>): { plan: Plan; stale: number } {
  let stale = 0;
  const fitting = <T extends object>(list: readonly Change<T>[], rows: readonly T[], key: (row: T) => string) => {
    const now = new Map(rows.map((row) => [key(row), startsFrom(row)]));
    return list.filter(({ before, after }) => {
      const current = now.get(key((before ?? after) as T));
      const fits = current === (before === null ? undefined : startsFrom(before));
      if (!fits) stale++;
      return fits;
    });
  };
  return {
    plan: {
      organisations: fitting(plan.organisations, stored.organisations, KEYS.organisations),
      people: fitting(plan.people, stored.people, KEYS.people),
      standings: fitting(plan.standings, stored.standings, KEYS.standings),
    },
    stale,
  };
}

export type Count = { readonly added: number; readonly changed: number; readonly gone: number };

export function count(changed: readonly Change<unknown>[]): Count {
  const added = changed.filter(({ before }) => before === null).length;
  const gone = changed.filter(({ after }) => after === null).length;
  return { added, changed: changed.length - added - gone, gone };
}

/** Accounts of those who leave, or lose a standing: what lies in their hands may need other hands. */
export function losing(plan: Plan): readonly string[] {
  const lost = [...plan.people, ...plan.standings].flatMap(({ before, after }) =>
    before && !after ? [before.account.toLowerCase()] : [],
  );
  return [...new Set(lost)];
}
