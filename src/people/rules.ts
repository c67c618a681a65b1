/** 谁管谁: pure. Which standings are offices, and what stands above what (rules.md 1.0). */
import type { Organisation, Standing } from '../bot/actor.ts';
import type { Vault } from '../kernel/vault.ts';
import { DEPARTMENTS, type Role } from './words.ts';

/** Those who answer for an organisation: they bind its groups, and act for what stands below it. */
export const LEADERS: readonly Role[] = [
  'PARTY_SECRETARY',
  'SUPERIOR_OFFICER',
  'COUNTY_ORG_DEPARTMENT',
  'TWO_NEW_COMMITTEE',
  'FIRST_SECRETARY',
  'SECRETARY_GENERAL',
  'ADMINISTRATOR',
];

/** What can be lent or handed over. Not what one is (党员, 职工, 企业主), and not a seat one was elected to (监督小组). */
export const OFFICES: readonly Role[] = [...LEADERS, 'HOTLINE_AGENT', 'SCOUT', 'CASHIER'];

/** Itself and everything it stands below, nearest first; for an enterprise its Party organisation as well. */
function above(organisation: Organisation): readonly Organisation[] {
  const parents = organisation.parent ? above(organisation.parent) : [];
  return [organisation, ...(organisation.partyOrganisation ? above(organisation.partyOrganisation) : []), ...parents];
}

/** A department of the county answers for the county. */
function realm({ organisation }: Standing): Organisation {
  return (DEPARTMENTS.includes(organisation.kind) && organisation.parent) || organisation;
}

/** The county an organisation belongs to, or the top of its tree where there is none. */
export function countyOf(organisation: Organisation): Organisation {
  return organisation.kind === 'COUNTY' || !organisation.parent ? organisation : countyOf(organisation.parent);
}

function leads(standing: Standing): boolean {
  return (LEADERS as readonly string[]).includes(standing.role);
}

/** Whether the standing answers for that organisation, its own or one below. */
export function answersFor(standing: Standing, organisation: Organisation): boolean {
  const { id } = realm(standing);
  return leads(standing) && (organisation.id === standing.organisation.id || above(organisation).some((o) => o.id === id));
}

/** Whether the standing is the superior of another: of a lower organisation, never of a colleague. */
export function isSuperior(standing: Standing, of: Standing): boolean {
  return (
    of.organisation.id !== standing.organisation.id &&
    of.organisation.id !== realm(standing).id &&
    answersFor(standing, of.organisation)
  );
}

/** Whether somebody there is near enough to take over: in the same organisation, or one above or below. */
export function isNear(theirs: Organisation, organisation: Organisation): boolean {
  return above(theirs).some(({ id }) => id === organisation.id) || above(organisation).some(({ id }) => id === theirs.id);
}

/** What finds 力西特电气有限公司 by 力西特公司: a pattern for LIKE, the characters in their order with anything between. */
export function loosely(word: string): string {
  return `%${[...word].map((character) => character.replace(/[\\%_]/u, '\\$&')).join('%')}%`;
}

/** Under which the last four digits of a phone are looked up, without opening any. */
export function tailMark(vault: Vault, digits: string): string {
  return vault.mark(`tail:${digits.slice(-4)}`);
}

/** Of what somebody can do: how many are kept (more is a show), and how many characters each may have. */
export const SKILL = { kept: 10, length: 8 } as const;

/** A short word for one thing somebody can do. */
export function isSkill(words: string): boolean {
  return /^[\p{L}\p{N}+-]+$/u.test(words) && [...words].length <= SKILL.length;
}

/** None, or how good at it: 会电工 有证. */
const NO_SKILL = /^(?:无|没有|不要|不用|不限|(?:有|持|带)?证(?:书|件)?(?:的|上岗)?|持证上岗|多年|\d+年(?:经验)?|有经验|熟练)$/u;

/** 电工和急救 → 电工, 急救: each once, without 会 before it. */
export function skillsIn(words: string): readonly string[] {
  const each = words
    .split(/[\s、，,；;]+|(?<=\p{Script=Han})[和跟与](?=\p{Script=Han})|还会/u)
    .map((skill) => skill.replace(/^(?:会|懂|擅长)(?=.{2})(?!计)/u, '').replace(/(?:的人?|技术|手艺)$/u, ''));
  return [...new Set(each.filter((skill) => skill !== '' && !NO_SKILL.test(skill)))];
}
