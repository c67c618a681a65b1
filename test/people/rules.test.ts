/** 谁管谁, and the slots for a person and a day, as tables. */
import { describe, expect, test } from 'vitest';
import type { Organisation, Standing } from '../../src/bot/actor.ts';
import { date } from '../../src/bot/slots/date.ts';
import { person } from '../../src/bot/slots/person.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { answersFor, isNear, isSuperior, skillsIn } from '../../src/people/rules.ts';
import { DEMO_ORGANISATIONS } from '../../src/people/demo.ts';
import { called, type Role } from '../../src/people/words.ts';

const tree = new Map<string, Organisation>();
for (const { parent, party, ...rest } of [...DEMO_ORGANISATIONS].sort(
  (a, b) => Number(a.kind === 'ENTERPRISE') - Number(b.kind === 'ENTERPRISE'),
)) {
  const above = parent === undefined ? undefined : tree.get(parent);
  const looksAfter = party === undefined ? undefined : tree.get(party);
  tree.set(rest.id, { ...rest, ...(above ? { parent: above } : {}), ...(looksAfter ? { partyOrganisation: looksAfter } : {}) });
}
const at = (id: string): Organisation => tree.get(id)!;
const standing = (role: Role, id: string): Standing => ({ id: `${role}@${id}`, role, title: '', organisation: at(id) });

test.each<[Role, string, string, boolean]>([
  ['PARTY_SECRETARY', 'branch1', 'branch1', true],
  ['PARTY_SECRETARY', 'branch1', 'enterprise1', true],
  ['PARTY_SECRETARY', 'branch1', 'branch2', false],
  ['PARTY_SECRETARY', 'branch1', 'town1', false],
  ['SUPERIOR_OFFICER', 'town1', 'branch1', true],
  ['SUPERIOR_OFFICER', 'town1', 'enterprise4', true],
  ['SUPERIOR_OFFICER', 'town1', 'branch3', false],
  ['COUNTY_ORG_DEPARTMENT', 'orgdept', 'town2', true],
  ['COUNTY_ORG_DEPARTMENT', 'orgdept', 'alliance', true],
  ['SECRETARY_GENERAL', 'alliance', 'alliance', true],
  ['SECRETARY_GENERAL', 'alliance', 'branch1', false],
  ['PARTY_MEMBER', 'branch1', 'branch1', false],
  ['CASHIER', 'town1', 'town1', false],
])('%s at %s answers for %s: %s', (role, own, other, expected) => {
  expect(answersFor(standing(role, own), at(other))).toBe(expected);
});

test.each<[Role, string, Role, string, boolean]>([
  ['SUPERIOR_OFFICER', 'town1', 'PARTY_SECRETARY', 'branch1', true],
  ['SUPERIOR_OFFICER', 'town1', 'PARTY_SECRETARY', 'branch3', false],
  ['SUPERIOR_OFFICER', 'town1', 'SUPERIOR_OFFICER', 'town1', false],
  ['TWO_NEW_COMMITTEE', 'twonew', 'SUPERIOR_OFFICER', 'town1', true],
  ['TWO_NEW_COMMITTEE', 'twonew', 'TWO_NEW_COMMITTEE', 'twonew', false],
  ['TWO_NEW_COMMITTEE', 'twonew', 'ADMINISTRATOR', 'county', false],
  ['PARTY_SECRETARY', 'branch1', 'PARTY_SECRETARY', 'branch2', false],
])('%s at %s is the superior of %s at %s: %s', (role, own, theirs, other, expected) => {
  expect(isSuperior(standing(role, own), standing(theirs, other))).toBe(expected);
});

test.each([
  ['branch1', 'branch1', true],
  ['enterprise1', 'branch1', true],
  ['town1', 'branch1', true],
  ['branch1', 'town1', true],
  ['branch2', 'branch1', false],
])('%s is near %s: %s', (theirs, other, expected) => {
  expect(isNear(at(theirs), at(other))).toBe(expected);
});

test('whoever acts in a lent standing is never called by the office', () => {
  expect(called('周晓燕', 'PARTY_SECRETARY', '欧阳国强')).toBe('周同志（受欧阳书记委托）');
  expect(called('周晓燕', 'PARTY_SECRETARY', null)).toBe('周书记');
});

const refusal = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return error instanceof Refusal ? error.code : error;
  }
};

describe('日期', () => {
  const slot = date('期限', '？');
  const now = new Date('2026-11-24T10:00:00+08:00');
  test.each([
    ['11月30日', '2026-11-30'],
    ['11月24号', '2026-11-24'],
    ['1月5日', '2027-01-05'],
    ['2026-12-1', '2026-12-01'],
    ['2027年2月28日', '2027-02-28'],
    ['２０２６／１２／３１', '2026-12-31'],
    ['明天', '2026-11-25'],
    ['10天后', '2026-12-04'],
    ['2月29日', 'date.form'],
    ['2026-11-31', 'date.form'],
    ['2026-11-23', 'date.past'],
    ['随便', 'date.form'],
    ['', 'date.form'],
  ])('%s → %s', (said, expected) => {
    expect(refusal(() => slot.parse(said, { now }))).toBe(expected);
    if (/^\d/.test(expected)) expect(slot.parse(slot.say(expected), { now })).toBe(expected);
  });
});

describe('人', () => {
  const slot = person('受托人', '？');
  test.each([
    ['周晓燕', '周晓燕'],
    [' @周晓燕 ', '周晓燕'],
    ['周晓燕同志', '周晓燕'],
    ['周晓燕(明视眼镜)', '周晓燕（明视眼镜）'],
    ['周晓燕（ 明视眼镜 ）', '周晓燕（明视眼镜）'],
    ['zhou.xiaoyan', 'zhou.xiaoyan'],
    ['周', 'person.form'],
    ['交给周晓燕，谢谢', 'person.form'],
    ['长'.repeat(200), 'person.form'],
    ['', 'person.form'],
  ])('%s → %s', (said, expected) => {
    expect(refusal(() => slot.parse(said, { now: new Date(0) }))).toBe(expected);
  });
});

test.each([
  ['会开叉车 有证', ['开叉车']],
  ['电工，持证上岗，10年', ['电工']],
  ['电工和急救', ['电工', '急救']],
  ['写证明', ['写证明']],
])('what one can do, not how well: %s', (words, skills) => {
  expect(skillsIn(words)).toEqual(skills);
});
