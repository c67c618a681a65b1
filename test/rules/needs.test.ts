import { describe, expect, test } from 'vitest';
import type { Organisation, Standing } from '../../src/bot/actor.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import {
  alike,
  edited,
  mobilisedAround,
  reopensAs,
  assertStillToDo,
  assertMayClaimMore,
  defaultClass,
  libraries,
  reviewingLibraries,
  reviewingStanding,
} from '../../src/needs/rules.ts';
import { NEED_LIFE } from '../../src/needs/life.ts';
import { assertStep } from '../../src/kernel/states.ts';

const node = (kind: string, parent?: Organisation, party?: Organisation): Organisation => ({
  id: kind + (parent?.id ?? ''),
  name: kind,
  shortName: kind,
  kind,
  ...(parent ? { parent } : {}),
  ...(party ? { partyOrganisation: party } : {}),
});
const county = node('COUNTY');
const department = node('COUNTY_ORG_DEPARTMENT', county);
const alliance = node('ALLIANCE', county);
const town = node('TOWN', county);
const park = node('PARK', county);
const branch = node('BRANCH', town);
const group = node('PARTY_GROUP', branch);
const withBranch = node('ENTERPRISE', town, branch);
const withJointBranch = node('ENTERPRISE', park, branch);
const without = node('ENTERPRISE', town);

describe('修改', () => {
  test.each([
    ['车间缺急救培训', '时间改成周六上午', '车间缺急救培训（时间：周六上午）'],
    ['车间缺急救培训（时间：周六上午）', '时间改为周日', '车间缺急救培训（时间：周日）'],
    ['车间缺急救培训（时间：周六上午）', '人数改成30人', '车间缺急救培训（时间：周六上午；人数：30人）'],
    ['车间缺急救培训', '内容改成：缺消防培训', '缺消防培训'],
    ['车间缺急救培训', '改成缺消防培训', '缺消防培训'],
    ['车间（二号）缺培训', '缺消防培训，约三十人', '缺消防培训，约三十人'],
    ['找焊工（两名）', '时间改到下周', '找焊工（两名）（时间：下周）'],
  ])('%s, %s: %s', (before, change, after) => {
    expect(edited(before, change)).toBe(after);
  });
});

describe('改急缓', () => {
  test.each([
    ['PENDING', true],
    ['RETURNED', false],
    ['OPEN', true],
    ['GATHERING', true],
    ['CLAIMED', true],
    ['UNDERWAY', true],
    ['DELIVERED', false],
    ['RECTIFYING', true],
    ['DONE', false],
    ['RETIRED', false],
    ['WITHDRAWN', false],
    ['MERGED', false],
    ['EXPIRED', false],
  ] as const)('%s: %s', (state, isOpen) => {
    const asked = () => assertStillToDo({ no: 'C-2026-0001', state });
    if (isOpen) expect(asked).not.toThrow();
    else expect(asked).toThrow(Refusal);
  });
});

describe('重开', () => {
  const now = new Date('2026-11-24T10:00:00+08:00');
  const ago = (days: number) => new Date(now.getTime() - days * 24 * 3_600_000);
  const over = { no: 'C-2026-0001', publishedAt: ago(60), endedAt: ago(30), hasWorker: true };
  test.each([
    ['EXPIRED', {}, 'OPEN'],
    ['WITHDRAWN', {}, 'OPEN'],
    ['WITHDRAWN', { publishedAt: null }, 'PENDING'],
    ['DONE', {}, 'RECTIFYING'],
    ['DONE', { hasWorker: false }, 'OPEN'],
    ['DONE', { endedAt: ago(31) }, 'need.too-late'],
    ['EXPIRED', { endedAt: ago(31) }, 'need.too-late'],
    ['RETIRED', {}, 'need.retired'],
    ['MERGED', {}, 'need.ended'],
    ['UNDERWAY', {}, 'need.not-over'],
  ] as const)('%s %o: %s', (state, more, becomes) => {
    const found = () => reopensAs({ ...over, state, ...more }, now, 30);
    if (becomes.includes('.')) expect(found).toThrow(expect.objectContaining({ code: becomes }));
    else expect(found()).toBe(becomes);
  });
});

describe('动员: whose people are asked', () => {
  test.each([
    ['a C need of a firm with a branch', 'ORGANISATION', withBranch, 'BRANCH'],
    ['a C need of a firm without', 'ORGANISATION', without, 'TOWN'],
    ['a B need', 'TOWN', withBranch, 'TOWN'],
    ['an A need of a firm', 'COUNTY', withBranch, 'TOWN'],
    ['an A need of the county', 'COUNTY', department, 'COUNTY'],
  ] as const)('%s', (_, needClass, from, kind) => {
    expect(mobilisedAround(needClass, from).kind).toBe(kind);
  });
});

describe('where a need belongs', () => {
  test.each([
    ['a worker of a firm with a branch', withBranch, 'ORGANISATION', ['BRANCH', 'TOWN', 'COUNTY']],
    ['a worker of a firm in a joint branch', withJointBranch, 'ORGANISATION', ['BRANCH', 'TOWN', 'COUNTY']],
    ['a worker of a firm without', without, 'ORGANISATION', ['TOWN', 'COUNTY']],
    ['a member of a Party group', group, 'ORGANISATION', ['BRANCH', 'TOWN', 'COUNTY']],
    ['a town officer', town, 'TOWN', ['TOWN', 'COUNTY']],
    ['a county officer', department, 'COUNTY', ['COUNTY']],
    ['the alliance', alliance, 'COUNTY', ['COUNTY']],
  ] as const)('%s', (_, from, expected, keeps) => {
    expect(defaultClass(from)).toBe(expected);
    expect(libraries(from).map(({ kind }) => kind)).toEqual(keeps);
  });

  test.each([
    ['ORGANISATION', withBranch, ['BRANCH', 'TOWN', 'COUNTY']],
    ['TOWN', withBranch, ['TOWN', 'COUNTY']],
    ['COUNTY', withBranch, ['COUNTY']],
    ['ORGANISATION', without, ['TOWN', 'COUNTY']],
    ['TOWN', alliance, ['COUNTY']],
  ] as const)('class %s from %o is tried upwards', (needClass, from, expected) => {
    expect(reviewingLibraries(needClass, from).map(({ kind }) => kind)).toEqual(expected);
  });
});

describe('who reviews', () => {
  const standing = (role: string, organisation: Organisation): Standing => ({ id: role, role, title: role, organisation });
  test.each([
    ['the branch secretary in her own library', standing('PARTY_SECRETARY', branch), branch, true],
    ['a secretary in the library of another branch', standing('PARTY_SECRETARY', { ...branch, id: 'other' }), branch, false],
    ['a member', standing('PARTY_MEMBER', branch), branch, false],
    ['a town officer in the town', standing('SUPERIOR_OFFICER', town), town, true],
    ['a town officer in a branch below', standing('SUPERIOR_OFFICER', town), branch, false],
    ['a branch secretary in the town above', standing('PARTY_SECRETARY', branch), town, false],
    ['县级组织部门', standing('COUNTY_ORG_DEPARTMENT', department), county, true],
    [
      '两新工委 of another county',
      standing('TWO_NEW_COMMITTEE', node('TWO_NEW_COMMITTEE', { ...county, id: 'far' })),
      county,
      false,
    ],
    ['a scout of the town', standing('SCOUT', town), town, false],
  ])('%s: %#', (_, held, library, may) => {
    expect(reviewingStanding([held], library) !== undefined).toBe(may);
  });
});

test('three open claims, and no more', () => {
  expect(() => assertMayClaimMore(2, 3)).not.toThrow();
  expect(() => assertMayClaimMore(3, 3)).toThrow(Refusal);
});

test('the life of a need: only these steps', () => {
  const states = Object.keys(NEED_LIFE) as (keyof typeof NEED_LIFE)[];
  const allowed = states.flatMap((from) => states.filter((to) => NEED_LIFE[from].includes(to)).map((to) => `${from} → ${to}`));
  expect(allowed).toEqual([
    'PENDING → PENDING',
    'PENDING → RETURNED',
    'PENDING → OPEN',
    'PENDING → WITHDRAWN',
    'PENDING → MERGED',
    'RETURNED → PENDING',
    'RETURNED → WITHDRAWN',
    'RETURNED → MERGED',
    'OPEN → OPEN',
    'OPEN → GATHERING',
    'OPEN → CLAIMED',
    'OPEN → WITHDRAWN',
    'OPEN → MERGED',
    'OPEN → EXPIRED',
    'GATHERING → OPEN',
    'GATHERING → CLAIMED',
    'GATHERING → WITHDRAWN',
    'CLAIMED → OPEN',
    'CLAIMED → GATHERING',
    'CLAIMED → UNDERWAY',
    'CLAIMED → WITHDRAWN',
    'CLAIMED → EXPIRED',
    'UNDERWAY → OPEN',
    'UNDERWAY → DELIVERED',
    'UNDERWAY → RECTIFYING',
    'UNDERWAY → WITHDRAWN',
    'DELIVERED → RECTIFYING',
    'DELIVERED → DONE',
    'DELIVERED → WITHDRAWN',
    'RECTIFYING → DELIVERED',
    'RECTIFYING → RETIRED',
    'RECTIFYING → WITHDRAWN',
    'DONE → OPEN',
    'DONE → RECTIFYING',
    'RETIRED → RECTIFYING',
    'WITHDRAWN → PENDING',
    'WITHDRAWN → OPEN',
    'EXPIRED → OPEN',
  ]);
  expect(() => assertStep(NEED_LIFE, 'MERGED', 'OPEN')).toThrow(Refusal);
});

test('what two needs share decides whether they are alike', () => {
  const others = ['二号车间缺急救培训', '食堂中午排队太长', '车间缺急救培训老师'].map((summary) => ({ summary }));
  expect(alike('车间缺急救培训', others).map(({ summary }) => summary)).toEqual(['二号车间缺急救培训', '车间缺急救培训老师']);
  expect(alike('灯', others)).toEqual([]);
});
