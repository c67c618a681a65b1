/** 名册 into the database and back: whole or not at all, ten thousand rows, phones never in the clear. */
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Ctx } from '../../src/bot/ctx.ts';
import type { Reply } from '../../src/bot/reply.ts';
import { asSystem } from '../../src/bot/system.ts';
import { arrangeNotices } from '../../src/notices/index.ts';
import { createIds } from '../../src/kernel/ids.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { createVault } from '../../src/kernel/vault.ts';
import { exportRoster } from '../../src/people/roster/files.ts';
import { applyRoster, planRoster, propose, readRoster, undoRoster } from '../../src/people/roster/roster.ts';
import { missingFrom, type Roster } from '../../src/people/roster/rules.ts';
import { loadRoster } from '../../src/people/roster/store.ts';
import { isEmpty } from '../../src/people/roster/text.ts';
import { writeRoster } from '../../src/people/roster/workbook.ts';
import { ORGANISATION_KIND, ROLE } from '../../src/people/words.ts';
import { testDb } from '../database.ts';

const vault = createVault(new Uint8Array(32).fill(7));
const START = new Date('2026-11-24T10:00:00+08:00');

const BASE: Roster<string> = {
  organisations: [
    {
      code: 'branch',
      name: '力西特党支部',
      shortName: '力西特支部',
      kind: 'BRANCH',
      parent: 'town',
      party: null,
      alliances: null,
    },
    { code: 'town', name: '瞿溪街道党工委', shortName: '瞿溪街道', kind: 'TOWN', parent: 'county', party: null, alliances: null },
    { code: 'county', name: '瓯海区', shortName: '瓯海区', kind: 'COUNTY', parent: null, party: null, alliances: null },
  ],
  people: [
    { account: 'Wang', name: '王建平', phone: '13800138000', skills: [] },
    { account: 'lin', name: '林国强', phone: '13800138001', skills: [] },
    { account: 'chen', name: '陈志远', phone: '13800138002', skills: [] },
  ],
  standings: [
    { account: 'wang', role: 'ADMINISTRATOR', organisation: 'county', until: null },
    { account: 'lin', role: 'PARTY_SECRETARY', organisation: 'branch', until: null },
    { account: 'chen', role: 'PARTY_MEMBER', organisation: 'branch', until: '2027-06-30' },
  ],
};

async function desk() {
  const db = await testDb();
  const corp = `ww${randomBytes(8).toString('hex')}`;
  const at = { now: START };
  const id = createIds(() => at.now);
  const inWork = <T>(work: (ctx: Ctx) => Promise<T>) =>
    asSystem({ db, corp, vault, arrange: arrangeNotices, now: at.now, id }, 'test', work);
  const file = ({ organisations, people, standings }: Roster<string>) =>
    writeRoster(
      {
        organisations: organisations.map((row) => ({ ...row, kind: ORGANISATION_KIND[row.kind] })),
        people: people.map((row) => ({ ...row, skills: row.skills.join('、') })),
        standings: standings.map((row) => ({ ...row, role: ROLE[row.role] })),
      },
      { notes: false },
    );
  const send = async (roster: Roster<string>) => {
    const read = await readRoster({ vault, now: at.now }, await file(roster));
    return inWork(async (ctx) => propose(ctx, 'FILE', (await planRoster(ctx, read)).plan));
  };
  const importNow = async (roster: Roster<string>) => {
    const no = await send(roster);
    return inWork((ctx) => applyRoster(ctx, no));
  };
  /** As it stands, in the order of its keys, phones opened. */
  const stored = () =>
    inWork(async (ctx) => {
      const { organisations, people, standings } = await loadRoster(ctx);
      const opened = people.map((person) => ({ ...person, phone: person.phone && vault.open(person.phone.sealed) }));
      const sorted = <T>(rows: readonly T[]) => rows.map((row) => JSON.stringify(row)).sort();
      return { organisations: sorted(organisations), people: sorted(opened), standings: sorted(standings) };
    });
  return { db, corp, at, inWork, file, send, importNow, stored };
}

const inOrder = ({ organisations, people, standings }: Roster<string>) => {
  const sorted = <T>(rows: readonly T[]) => rows.map((row) => JSON.stringify(row)).sort();
  return { organisations: sorted(organisations), people: sorted(people), standings: sorted(standings) };
};
const quote = (reply: Reply) => ('card' in reply ? (reply.card.quote ?? '') : reply.text);
const refusal = async (work: Promise<unknown>) => {
  try {
    await work;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'nothing was refused';
};

test('into an empty database, changed by a second file, taken back', async () => {
  const { at, inWork, importNow, stored, db, corp } = await desk();
  expect(quote(await importNow(BASE))).toContain(
    '组织：新增3、变更0、离开0\n人员：新增3、变更0、离开0\n身份：新增3、变更0、离开0',
  );
  expect(await stored()).toEqual(inOrder(BASE));

  at.now = new Date(START.getTime() + 60_000);
  const next: Roster<string> = {
    organisations: [
      // Two that swap their names, one renamed, one new below another.
      { ...BASE.organisations[0]!, name: '瞿溪街道党工委', shortName: '支部' },
      { ...BASE.organisations[1]!, name: '力西特党支部' },
      BASE.organisations[2]!,
      {
        code: 'group',
        name: '第一党小组',
        shortName: '一组',
        kind: 'PARTY_GROUP',
        parent: 'branch',
        party: null,
        alliances: null,
      },
    ],
    people: [
      BASE.people[0]!,
      { ...BASE.people[1]!, name: '林国栋', phone: '13900139000' },
      { account: 'zhou', name: '周晓燕', phone: null, skills: [] },
    ],
    standings: [
      BASE.standings[0]!,
      { ...BASE.standings[1]!, until: '2026-12-31' },
      { account: 'zhou', role: 'PARTY_MEMBER', organisation: 'group', until: null },
    ],
  };
  expect(quote(await importNow(next))).toContain(
    '组织：新增1、变更2、离开0\n人员：新增1、变更1、离开1\n身份：新增1、变更1、离开1',
  );
  expect(await stored()).toEqual(inOrder(next));
  const chen = await db.client.person.findFirstOrThrow({ where: { corp, userKey: 'chen' } });
  expect(chen).toMatchObject({ active: false, phoneSealed: null });

  at.now = new Date(at.now.getTime() + 23 * 3_600_000);
  expect(quote(await inWork((ctx) => undoRoster(ctx)))).toContain('人员：新增1、变更1、离开1');
  expect(await stored()).toEqual(inOrder(BASE));
  expect((await db.client.person.findFirstOrThrow({ where: { corp, userKey: 'chen' } })).id).toBe(chen.id);
});

test('the same file twice, and the export of what is there, change nothing', async () => {
  const { inWork, importNow } = await desk();
  await importNow(BASE);
  const exported = await inWork(exportRoster);
  const roster = await readRoster({ vault, now: START }, exported);
  expect(isEmpty((await inWork((ctx) => planRoster(ctx, roster))).plan)).toBe(true);
});

test('phones lie sealed wherever they lie, and can be looked up by their mark', async () => {
  const { db, corp, importNow } = await desk();
  await importNow(BASE);
  const rows = await db.client.$queryRaw<{ all: string }[]>`
    SELECT concat((SELECT json_agg(p) FROM person p WHERE corp = ${corp}), (SELECT json_agg(i) FROM roster_import i WHERE corp = ${corp}),
      (SELECT json_agg(a) FROM audit a WHERE corp = ${corp}), (SELECT json_agg(j) FROM job j WHERE corp = ${corp})) AS all`;
  expect(rows[0]?.all).toContain('王建平');
  expect(rows[0]?.all).not.toMatch(/1380013800/);
  const found = await db.client.person.findMany({ where: { corp, phoneMark: vault.mark('13800138001') } });
  expect(found.map(({ name }) => name)).toEqual(['林国强']);
});

test('decided once; only what was shown; only the last, within a day; what changed again since stays', async () => {
  const { at, inWork, send, importNow, db, corp, stored } = await desk();
  expect(await refusal(inWork((ctx) => undoRoster(ctx)))).toBe('roster.nothing');
  expect(await refusal(inWork((ctx) => applyRoster(ctx, 'R-2026-0099')))).toBe('roster.unknown');

  const first = await send(BASE);
  const twin = await send(BASE);
  await inWork((ctx) => applyRoster(ctx, first));
  expect(await refusal(inWork((ctx) => applyRoster(ctx, first)))).toBe('roster.decided');
  expect(await refusal(inWork((ctx) => applyRoster(ctx, twin)))).toBe('roster.changed');
  expect(await stored()).toEqual(inOrder(BASE));

  at.now = new Date(START.getTime() + 3_600_000);
  await importNow({
    ...BASE,
    people: [{ ...BASE.people[0]!, name: '王平' }, { ...BASE.people[1]!, name: '林强' }, BASE.people[2]!],
  });
  expect(await refusal(inWork((ctx) => undoRoster(ctx, first)))).toBe('roster.not-last');
  await db.client.person.updateMany({ where: { corp, userKey: 'lin' }, data: { name: '林国栋' } });
  expect(quote(await inWork((ctx) => undoRoster(ctx)))).toContain('其中1处导入之后又变过');
  expect((await stored()).people.join()).toContain('王建平');
  expect((await stored()).people.join()).toContain('林国栋');

  at.now = new Date(START.getTime() + 24 * 3_600_000 + 1);
  expect(await refusal(inWork((ctx) => undoRoster(ctx)))).toBe('roster.too-late');
  expect(await refusal(inWork((ctx) => applyRoster(ctx, twin)))).toBe('roster.expired');
});

test('a file with a fault, and a failure half-way, leave everything as it was', async () => {
  const { inWork, send, importNow, stored, db, corp } = await desk();
  await importNow(BASE);
  const spoilt = { ...BASE, people: [...BASE.people, { account: 'new', name: '', phone: '1', skills: [] }] };
  expect(await refusal(send(spoilt))).toBe('roster.invalid');

  const no = await send({
    ...BASE,
    people: [...BASE.people, { account: 'new', name: '新人', phone: null, skills: [] }],
    standings: BASE.standings.slice(0, 2),
  });
  await expect(
    inWork(async (ctx) => {
      await applyRoster(ctx, no);
      throw new Error('the power fails');
    }),
  ).rejects.toThrow('the power fails');
  expect(await stored()).toEqual(inOrder(BASE));
  expect((await db.client.rosterImport.findUniqueOrThrow({ where: { corp_no: { corp, no } } })).state).toBe('PREVIEWED');
  expect(await db.client.job.count({ where: { corp, name: 'people.leaver' } })).toBe(0);
});

test('特长: added by a file, never taken by one; taken back with the import that added it', async () => {
  const { at, inWork, file, importNow, stored, db, corp } = await desk();
  await importNow(BASE);
  const skillsOf = async (userKey: string) => (await db.client.person.findFirstOrThrow({ where: { corp, userKey } })).skills;
  const says = (userKey: string, skills: string[]) => db.client.person.updateMany({ where: { corp, userKey }, data: { skills } });
  const withSkills = (skills: readonly string[]): Roster<string> => ({
    ...BASE,
    people: BASE.people.map((row) => (row.account === 'lin' ? { ...row, skills } : row)),
  });
  await says('lin', ['急救']);
  await says('chen', ['党课']);
  at.now = new Date(START.getTime() + 1000);
  await importNow(withSkills(['电工', '急救', '焊接']));
  expect([await skillsOf('lin'), await skillsOf('chen')]).toEqual([['急救', '电工', '焊接'], ['党课']]);
  // The same file again, one that leaves the column empty, and what is exported: nothing to change.
  for (const same of [withSkills(['焊接', '电工']), BASE]) {
    const read = await readRoster({ vault, now: at.now }, await file(same));
    expect(isEmpty((await inWork((ctx) => planRoster(ctx, read))).plan)).toBe(true);
  }
  const exported = await readRoster({ vault, now: at.now }, await inWork((ctx) => exportRoster(ctx)));
  expect(exported.people.find(({ account }) => account === 'lin')?.skills).toEqual(['急救', '电工', '焊接']);
  // What is said after an import does not keep it from being taken back, and stays.
  await says('lin', ['急救', '电工', '焊接', '开叉车']);
  at.now = new Date(START.getTime() + 2000);
  await inWork((ctx) => undoRoster(ctx));
  expect(await skillsOf('lin')).toEqual(['急救', '开叉车']);
  // Who leaves and comes back by 撤销 can do what they could.
  at.now = new Date(START.getTime() + 3000);
  await importNow({ ...BASE, people: [BASE.people[0]!, BASE.people[1]!], standings: BASE.standings.slice(0, 2) });
  expect(await skillsOf('chen')).toEqual([]);
  at.now = new Date(START.getTime() + 4000);
  await inWork((ctx) => undoRoster(ctx));
  expect(await skillsOf('chen')).toEqual(['党课']);
  expect((await stored()).people).toHaveLength(3);
});

test('the last administrator cannot be taken off the roster', async () => {
  const { inWork, importNow, stored } = await desk();
  await importNow(BASE);
  const no = await inWork(async (ctx) => propose(ctx, 'CONTACTS', missingFrom(await loadRoster(ctx), ['lin', 'chen'])));
  expect(await refusal(inWork((ctx) => applyRoster(ctx, no)))).toBe('roster.no-administrator');
  expect(await stored()).toEqual(inOrder(BASE));
});

test('ten thousand people come, change and go', { timeout: 120_000 }, async () => {
  const { at, inWork, importNow, stored, db, corp } = await desk();
  const SIZE = 10_000;
  const branches = Array.from({ length: 500 }, (_, i) => ({
    code: `b${i}`,
    name: `第${i}党支部`,
    shortName: `第${i}支部`,
    kind: 'BRANCH' as const,
    parent: 'town',
    party: null,
    alliances: null,
  }));
  const crowd = (word: string, size: number): Roster<string> => ({
    organisations: [...BASE.organisations, ...branches],
    people: [
      ...BASE.people,
      ...Array.from({ length: size }, (_, i) => ({
        account: `u${i}`,
        name: `${word}${i}`,
        phone: `13${String(i).padStart(9, '0')}`,
        skills: [],
      })),
    ],
    standings: [
      ...BASE.standings,
      ...Array.from({ length: size }, (_, i) => ({
        account: `u${i}`,
        role: 'PARTY_MEMBER' as const,
        organisation: `b${i % branches.length}`,
        until: null,
      })),
    ],
  });
  await importNow(crowd('党员', SIZE));
  expect(await stored()).toEqual(inOrder(crowd('党员', SIZE)));
  at.now = new Date(START.getTime() + 1000);
  await importNow(crowd('同志', SIZE / 2));
  expect(await stored()).toEqual(inOrder(crowd('同志', SIZE / 2)));
  expect(await db.client.job.count({ where: { corp, name: 'people.leaver' } })).toBe(SIZE / 2);
  at.now = new Date(START.getTime() + 2000);
  await inWork((ctx) => undoRoster(ctx));
  expect(await stored()).toEqual(inOrder(crowd('党员', SIZE)));
  await db.client.job.deleteMany({ where: { corp } });
});
