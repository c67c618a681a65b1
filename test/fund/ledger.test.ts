/** The laws of the books: on the rows, on random histories, and under fifty hands at once. */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asSystem } from '../../src/bot/system.ts';
import type { Ctx } from '../../src/bot/ctx.ts';
import type { Db } from '../../src/db/db.ts';
import { createIds } from '../../src/kernel/ids.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { createVault } from '../../src/kernel/vault.ts';
import {
  capture,
  giveBack,
  heldFor,
  hold,
  listAccounts,
  openFundOf,
  partsOf,
  payRefund,
  positionOf,
  receive,
  releaseHold,
  reverse,
  type Parties,
} from '../../src/fund/ledger.ts';
import { fundChecks } from '../../src/fund/checks.ts';
import type { Source } from '../../src/fund/words.ts';
import { arrangeNotices } from '../../src/notices/index.ts';
import { organisation, seedDemo } from '../../src/people/index.ts';
import { testDb } from '../database.ts';
import { ledger } from '../ledger.ts';

const START = new Date('2026-11-24T10:00:00+08:00');

type World = {
  readonly db: Db;
  readonly corp: string;
  readonly fund: string;
  readonly as: (local: string) => string;
  now: Date;
  work<T>(act: (ctx: Ctx) => Promise<T>): Promise<T>;
};

async function world(): Promise<World> {
  const db = await testDb();
  const corp = `ww${randomBytes(8).toString('hex')}`;
  await seedDemo(db, corp, START);
  const as = (local: string) => `${corp}:${local}`;
  const world = {
    db,
    corp,
    as,
    now: START,
    fund: '',
    work<T>(act: (ctx: Ctx) => Promise<T>): Promise<T> {
      const frame = { db, corp, vault: createVault(), arrange: arrangeNotices, now: world.now, id: createIds(() => world.now) };
      return asSystem(frame, 'test', act);
    },
  };
  world.fund = (await world.work(async (ctx) => openFundOf(ctx, await organisation(ctx, as('town1'))))).id;
  return world;
}

let deposits = 0;

function paidIn(w: World, source: Source, owner: string, amount: bigint, earmark: 'TRAINING' | '' = ''): Promise<unknown> {
  const number = `D-2026-${String(++deposits).padStart(4, '0')}`;
  return w.work((ctx) => receive(ctx, { fund: w.fund, source, owner, earmark, amount, number, memo: '入账' }));
}

/** Holds what is wanted from the sources for a number, as an application does. */
function holdFor(
  w: World,
  number: string,
  parties: Parties,
  wanted: Partial<Record<Source, bigint>>,
  until = new Date('2027-01-08T17:30:00+08:00'),
): Promise<unknown> {
  return w.work(async (ctx) => {
    const parts = partsOf(await listAccounts(ctx, w.fund), parties, ctx.now, wanted);
    return hold(ctx, {
      fund: w.fund,
      number,
      parties,
      parts,
      categories: [],
      until,
      key: `hold:${number}`,
      memo: `占用 ${number}`,
    });
  });
}

const branch = ({ as }: World): Parties => ({ party: as('branch1'), enterprise: as('enterprise1') });

test('deposit, hold, capture in part, release, give back, reverse: the books to the fen', async () => {
  const w = await world();
  await paidIn(w, 'PRINCIPAL', w.as('enterprise1'), 10_000_00n);
  await paidIn(w, 'FISCAL', '', 50_000_01n);
  await holdFor(w, 'F-2026-0001', branch(w), { PRINCIPAL: 10_000_00n, FISCAL: 2_000_00n });
  const spend = [
    { category: 'TRAINING', amount: 9_500_00n },
    { category: 'OTHER', amount: 1_500_00n },
  ] as const;
  const pay = () =>
    w.work((ctx) => capture(ctx, { fund: w.fund, number: 'F-2026-0001', spend, key: 'pay:F-2026-0001', memo: '拨付' }));
  const [paid, again] = [await pay(), await pay()];
  expect(again.no).toBe(paid.no);
  await w.work((ctx) => releaseHold(ctx, { fund: w.fund, number: 'F-2026-0001', key: 'free:F-2026-0001', memo: '余下的放开' }));
  const back = [{ category: 'OTHER', amount: 1_200_50n }] as const;
  await w.work((ctx) =>
    giveBack(ctx, { fund: w.fund, number: 'F-2026-0001', spend: back, key: 'settle:F-2026-0001', memo: '结项' }),
  );
  await paidIn(w, 'DONATION', '', 3_00n);
  await w.work((ctx) => reverse(ctx, { no: 'P-2026-0007', reason: '记错了' }));
  await expect(w.work((ctx) => reverse(ctx, { no: 'P-2026-0007', reason: '再来' }))).rejects.toThrow(
    '已经由 P-2026-0008 冲正过了',
  );
  expect(await ledger(w.db, w.corp)).toMatchInlineSnapshot(`
    "2026-11-24 P-2026-0001 入账｜入账｜外部 10,000元 → 企业预存·力西特电气 10,000元
    2026-11-24 P-2026-0002 入账｜入账｜外部 50,000.01元 → 财政补助 50,000.01元
    2026-11-24 P-2026-0003 占用｜占用 F-2026-0001｜企业预存·力西特电气 10,000元，财政补助 2,000元 → 占用F-2026-0001（企业预存·力西特电气） 10,000元，占用F-2026-0001（财政补助） 2,000元
    2026-11-24 P-2026-0004 拨付｜拨付｜占用F-2026-0001（企业预存·力西特电气） 10,000元，占用F-2026-0001（财政补助） 1,000元 → 力西特党支部其他支出（企业预存·力西特电气） 500元，力西特党支部其他支出（财政补助） 1,000元，力西特党支部教育培训（企业预存·力西特电气） 9,500元
    2026-11-24 P-2026-0005 解除占用｜余下的放开｜占用F-2026-0001（财政补助） 1,000元 → 财政补助 1,000元
    2026-11-24 P-2026-0006 结余退回｜结项｜力西特党支部其他支出（企业预存·力西特电气） 200.50元，力西特党支部其他支出（财政补助） 1,000元 → 企业预存·力西特电气 200.50元，财政补助 1,000元
    2026-11-24 P-2026-0007 入账｜入账｜外部 3元 → 自愿赞助 3元
    2026-11-24 P-2026-0008 冲正｜冲正 P-2026-0007｜自愿赞助 3元 → 外部 3元
    余额｜企业预存·力西特电气 200.50元，力西特党支部其他支出（企业预存·力西特电气） 299.50元，力西特党支部教育培训（企业预存·力西特电气） 9,500元，外部 -60,000.01元，财政补助 50,000.01元"
  `);
  await sound(w);
});

test('the database itself refuses what no bookkeeper may do', async () => {
  const w = await world();
  await paidIn(w, 'FISCAL', '', 100_00n);
  const { client } = w.db;
  const [entry] = await client.fundEntry.findMany({ where: { corp: w.corp } });
  const [fiscal] = await client.fundAccount.findMany({ where: { corp: w.corp, kind: 'SOURCE' } });
  const [outside] = await client.fundAccount.findMany({ where: { corp: w.corp, kind: 'OUTSIDE' } });
  if (!entry || !fiscal || !outside) throw new Error('nothing booked');
  await expect(client.fundEntry.update({ where: { id: entry.id }, data: { memo: '改了' } })).rejects.toThrow();
  await expect(client.fundEntry.delete({ where: { id: entry.id } })).rejects.toThrow();
  await expect(client.fundPosting.deleteMany({ where: { entryId: entry.id } })).rejects.toThrow();
  await expect(client.fundPosting.updateMany({ where: { entryId: entry.id }, data: { amount: 1n } })).rejects.toThrow();
  await expect(client.$executeRaw`TRUNCATE fund_posting CASCADE`).rejects.toThrow();
  await expect(client.$executeRaw`TRUNCATE fund_entry CASCADE`).rejects.toThrow();
  await expect(client.fundAccount.update({ where: { id: fiscal.id }, data: { balance: 1n } })).rejects.toThrow();
  await expect(client.fundAccount.update({ where: { id: fiscal.id }, data: { source: 'DONATION' } })).rejects.toThrow();
  await expect(client.fundAccount.delete({ where: { id: fiscal.id } })).rejects.toThrow();

  const write = (postings: readonly [account: string, amount: bigint][], lines = postings.length) =>
    w.db.transaction(async (tx) => {
      const id = `${w.corp}:${randomBytes(4).toString('hex')}`;
      const { fundId, at, kind, memo, standingId, inputHash } = entry;
      await tx.fundEntry.create({
        data: { id, corp: w.corp, no: id, key: id, fundId, at, kind, memo, standingId, inputHash, lines },
      });
      await tx.fundPosting.createMany({ data: postings.map(([accountId, amount]) => ({ entryId: id, accountId, amount })) });
    });
  await expect(write([[fiscal.id, 5n]])).rejects.toThrow();
  await expect(write([])).rejects.toThrow();
  await expect(write([[fiscal.id, 5n], [outside.id, -4n]])).rejects.toThrow(); // prettier-ignore
  await expect(write([[fiscal.id, -100_01n], [outside.id, 100_01n]])).rejects.toThrow(); // prettier-ignore
  await expect(write([[fiscal.id, 5n], [outside.id, -5n]], 3)).rejects.toThrow(); // prettier-ignore
  const later = { entryId: entry.id, accountId: outside.id, amount: 1n };
  await expect(w.db.transaction((tx) => tx.fundPosting.create({ data: later }))).rejects.toThrow();
  await write([[fiscal.id, 5n], [outside.id, -5n]]); // prettier-ignore
  expect(await client.fundAccount.findUnique({ where: { id: fiscal.id } })).toMatchObject({ balance: 100_05n });
});

test('one key posts once, and another input under it is an error', async () => {
  const w = await world();
  const { fund } = w;
  const give = (amount: bigint) =>
    w.work((ctx) =>
      receive(ctx, { fund, source: 'FISCAL', owner: '', earmark: '', amount, number: 'D-2026-9001', memo: '财政' }),
    );
  expect((await give(5_00n)).no).toBe((await give(5_00n)).no);
  await expect(give(6_00n)).rejects.toThrow('was used for another entry');
  await sound(w);
});

test("one firm's principal, another's dues and money earmarked for something else are out of reach", async () => {
  const w = await world();
  await paidIn(w, 'PRINCIPAL', w.as('enterprise2'), 900_00n);
  await paidIn(w, 'DUES_REFUND', w.as('branch2'), 800_00n);
  await paidIn(w, 'DONATION', '', 700_00n, 'TRAINING');
  const accounts = await w.work((ctx) => listAccounts(ctx, w.fund));
  const seen = (categories: ('TRAINING' | 'OTHER')[]) => positionOf(accounts, branch(w), w.now, categories).free;
  expect(seen(['TRAINING', 'OTHER'])).toEqual({ PRINCIPAL: 0n, FISCAL: 0n, DUES_REFUND: 0n, MASS_ORG: 0n, DONATION: 0n });
  expect(seen(['TRAINING']).DONATION).toBe(700_00n);
  for (const { id } of accounts.filter(({ kind }) => kind === 'SOURCE')) {
    const parts = [{ account: id, amount: 1_00n }];
    const order = {
      fund: w.fund,
      number: 'F-2026-0009',
      parties: branch(w),
      parts,
      until: w.now,
      key: id,
      memo: '',
      categories: [],
    };
    await expect(w.work((ctx) => hold(ctx, order))).rejects.toThrow('may not draw');
  }
  await sound(w);
});

test('an expired hold is free again by itself, and can no longer be paid', async () => {
  const w = await world();
  await paidIn(w, 'FISCAL', '', 100_00n);
  const until = new Date('2026-11-25T17:30:00+08:00');
  await holdFor(w, 'F-2026-0001', branch(w), { FISCAL: 100_00n }, until);
  const free = async () => positionOf(await w.work((ctx) => listAccounts(ctx, w.fund)), branch(w), w.now).free.FISCAL;
  expect(await free()).toBe(0n);
  await expect(holdFor(w, 'F-2026-0002', branch(w), { FISCAL: 1n })).rejects.toThrow('财政补助还差0.01元');
  w.now = new Date('2026-11-25T17:30:00+08:00');
  expect(await w.work((ctx) => heldFor(ctx, w.fund, 'F-2026-0001'))).toBe(0n);
  const spend = [{ category: 'OTHER', amount: 1n }] as const;
  const late = w.work((ctx) => capture(ctx, { fund: w.fund, number: 'F-2026-0001', spend, key: 'late', memo: '' }));
  await expect(late).rejects.toThrow('可能已经到期或解除');
  await holdFor(w, 'F-2026-0002', branch(w), { FISCAL: 60_00n });
  expect(await ledger(w.db, w.corp)).toContain('占用到期｜F-2026-0001 的占用已于今天17:30到期');
  await sound(w);
});

test('fifty holds at once against one balance: what fits is held, to the fen', async () => {
  const w = await world();
  await paidIn(w, 'FISCAL', '', 10_000_00n);
  const numbers = Array.from({ length: 50 }, (_, i) => `F-2026-${String(i + 1).padStart(4, '0')}`);
  const outcomes = await Promise.all(numbers.map((number) => insist(() => holdFor(w, number, branch(w), { FISCAL: 333_33n }))));
  expect(outcomes.filter((outcome) => outcome === 'done')).toHaveLength(30);
  expect(outcomes.filter((outcome) => outcome === 'fund.short')).toHaveLength(20);
  const accounts = await w.work((ctx) => listAccounts(ctx, w.fund));
  expect(positionOf(accounts, branch(w), w.now)).toMatchObject({
    free: { FISCAL: 10_000_00n - 30n * 333_33n },
    held: 30n * 333_33n,
  });
  await sound(w);
});

/** Who finds no free connection within 3 s tries again, as a person would; a refusal is an answer. */
async function insist(act: () => Promise<unknown>): Promise<string> {
  for (;;) {
    try {
      await act();
      return 'done';
    } catch (error) {
      if (error instanceof Refusal) return error.code;
      if ((error as { code?: string }).code !== 'P2028') throw error;
    }
  }
}

const step = fc.record({
  act: fc.constantFrom('deposit', 'hold', 'capture', 'release', 'giveBack', 'reverse', 'refund', 'wait'),
  source: fc.constantFrom('PRINCIPAL', 'FISCAL', 'DUES_REFUND', 'MASS_ORG', 'DONATION'),
  firm: fc.constantFrom('1', '2'),
  /** In fen. */
  amount: fc.bigInt({ min: 1n, max: 1_000_00n }),
  /** Which application or voucher, counted from the newest. */
  which: fc.nat(4),
});

test('over random histories every entry balances, nothing is below zero, and a replay rebuilds every balance', async () => {
  let done = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ step }), { minLength: 5, maxLength: 25 }), async (history) => {
      const w = await world();
      let applications = 0;
      for (const { step: each } of history) {
        const { act, source, firm, amount, which } = each;
        const parties = { party: w.as(`branch${firm}`), enterprise: w.as(`enterprise${firm}`) };
        const number = `F-2026-${String(Math.max(1, applications - which)).padStart(4, '0')}`;
        const { fund, as } = w;
        const key = `${act}:${randomBytes(6).toString('hex')}`;
        const owner = source === 'PRINCIPAL' ? as(`enterprise${firm}`) : source === 'DUES_REFUND' ? as(`branch${firm}`) : '';
        const spend = [{ category: 'TRAINING', amount }] as const;
        const acts: Record<typeof act, () => Promise<unknown>> = {
          deposit: () => paidIn(w, source, owner, amount),
          hold: () =>
            holdFor(w, `F-2026-${String(++applications).padStart(4, '0')}`, parties, {
              FISCAL: amount / 2n + 1n,
              [source]: amount,
            }),
          capture: () => w.work((ctx) => capture(ctx, { fund, number, spend, key, memo: '' })),
          release: () => w.work((ctx) => releaseHold(ctx, { fund, number, key, memo: '' })),
          giveBack: () => w.work((ctx) => giveBack(ctx, { fund, number, spend, key, memo: '' })),
          reverse: () => w.work((ctx) => reverse(ctx, { no: `P-2026-${String(which + 1).padStart(4, '0')}`, reason: '错' })),
          refund: () =>
            w.work((ctx) => payRefund(ctx, { fund, enterprise: as(`enterprise${firm}`), amount, number: key, memo: '' })),
          wait: async () => void (w.now = new Date(w.now.getTime() + 20 * 86_400_000)),
        };
        await acts[act]().then(
          () => done++,
          (error: unknown) => expect(error).toMatchObject({ name: 'Refusal' }),
        );
      }
      await sound(w);
    }),
    { numRuns: 25 },
  );
  expect(done).toBeGreaterThan(50);
});

async function sound({ db, corp }: World): Promise<void> {
  for (const check of fundChecks) expect([check.name, await check.find(db.client, corp)]).toEqual([check.name, []]);
}
