/**
 * 账本: append-only double entry, and the only writer of entries and postings. Amounts are fen.
 * Money set aside is held, then captured (also in part), released, or free again by itself once the hold has expired.
 * Every writer locks the fund's row first, several funds in the order of their ids, and only then takes a number.
 */
import { createHash } from 'node:crypto';
import type { Organisation } from '../bot/actor.ts';
import type { Ctx } from '../bot/ctx.ts';
import type { Tx } from '../db/db.ts';
import { Prisma } from '../db/generated/client.ts';
import { nextNumber } from '../db/numbers.ts';
import { showTime, yearOf } from '../kernel/calendar.ts';
import { least, showMoney, sum, type Fen } from '../kernel/money.ts';
import { refuse } from '../kernel/refusal.ts';
import { enterprisesOf } from '../people/index.ts';
import { LETTER, SOURCE, SOURCES, type AccountKind, type Category, type EntryKind, type Source } from './words.ts';

export type Fund = { readonly id: string; readonly hostId: string; readonly hostName: string; readonly openedAt: Date };

export type Account = {
  readonly id: string;
  readonly kind: AccountKind;
  /** '' for OUTSIDE. */
  readonly source: Source | '';
  readonly ownerId: string;
  readonly beneficiaryId: string;
  readonly tag: string;
  readonly fromId: string;
  readonly until: Date | null;
  readonly balance: Fen;
};

type AccountKey = Pick<Account, 'kind' | 'source' | 'ownerId' | 'beneficiaryId' | 'tag' | 'fromId'>;

const KEY: AccountKey = { kind: 'SOURCE', source: '', ownerId: '', beneficiaryId: '', tag: '', fromId: '' };
const OUTSIDE: AccountKey = { ...KEY, kind: 'OUTSIDE' };

/** Hosts of a fund: a town or park, or an enterprise big enough to have its own. */
const HOSTS: readonly string[] = ['TOWN', 'PARK', 'ENTERPRISE'];

const fields = Prisma.sql`f.id, f.host_id AS "hostId", o.short_name AS "hostName", f.opened_at AS "openedAt"`;

/** The nearest upwards: an enterprise's own, also for the Party organisation that looks after it, else its town's or park's. */
export async function findFund(ctx: Ctx, organisation: Organisation): Promise<Fund | undefined> {
  const chain = (await enterprisesOf(ctx, organisation.id)).map(({ id }) => id);
  for (let o: Organisation | undefined = organisation; o; o = o.parent) chain.push(o.id);
  const rows = await ctx.tx.$queryRaw<Fund[]>`
    SELECT ${fields} FROM fund f JOIN organisation o ON o.id = f.host_id
    WHERE f.corp = ${ctx.corp} AND f.host_id = ANY(${chain}::text[]) ORDER BY array_position(${chain}::text[], f.host_id) LIMIT 1`;
  return rows[0];
}

/** @throws Refusal `fund.none` */
export async function loadFund(ctx: Ctx, organisation: Organisation): Promise<Fund> {
  return (
    (await findFund(ctx, organisation)) ??
    refuse('fund.none', '您这里的党建公积金还没有开户。镇街的出纳记下第一笔钱时就会开户，请找所在镇街党（工）委。')
  );
}

/** The fund an organisation pays into, opened for its town or park with the first money. @throws Refusal `fund.no-host` */
export async function openFund(ctx: Ctx, organisation: Organisation): Promise<Fund> {
  const found = await findFund(ctx, organisation);
  if (found) return found;
  let host: Organisation | undefined = organisation;
  while (host && host.kind !== 'TOWN' && host.kind !== 'PARK') host = host.parent;
  if (!host) return refuse('fund.no-host', `${organisation.shortName}不在哪个镇街或园区下面，没有可以存入的公积金。`);
  return openFundOf(ctx, host);
}

/** A fund of that very host. */
export async function openFundOf(ctx: Ctx, host: Organisation): Promise<Fund> {
  if (!HOSTS.includes(host.kind)) throw new Error(`a ${host.kind} hosts no fund`);
  await ctx.tx.$executeRaw`
    INSERT INTO fund (id, corp, host_id, opened_at) VALUES (${ctx.id()}, ${ctx.corp}, ${host.id}, ${ctx.now.toISOString()}::timestamptz)
    ON CONFLICT (corp, host_id) DO NOTHING`;
  const found = await findFund(ctx, { ...host });
  if (!found) throw new Error('the fund is missing');
  return found;
}

export async function fundById(ctx: Ctx, id: string): Promise<Fund> {
  const [found] = await ctx.tx.$queryRaw<Fund[]>`
    SELECT ${fields} FROM fund f JOIN organisation o ON o.id = f.host_id WHERE f.corp = ${ctx.corp} AND f.id = ${id}`;
  if (!found) throw new Error(`no fund ${id}`);
  return found;
}

/** Every fund of the corp. */
export async function listFunds(ctx: Ctx): Promise<Fund[]> {
  return ctx.tx.$queryRaw`
    SELECT ${fields} FROM fund f JOIN organisation o ON o.id = f.host_id WHERE f.corp = ${ctx.corp} ORDER BY f.id`;
}

/** Until the commit nobody else reckons or posts in these funds: for a limit that is checked and used in one. */
export async function lockFunds(ctx: Ctx, ids: readonly string[]): Promise<void> {
  await ctx.tx.$queryRaw`SELECT id FROM fund WHERE id = ANY(${[...ids]}::text[]) ORDER BY id FOR NO KEY UPDATE`;
}

/** Of a fund, as it is now or as the entries up to a moment left it; only sources may be empty. */
export async function listAccounts(ctx: Ctx, fundId: string, asOf?: Date): Promise<Account[]> {
  return accountsOf(ctx.tx, fundId, asOf);
}

async function accountsOf(tx: Tx, fundId: string, asOf?: Date): Promise<Account[]> {
  const columns = Prisma.sql`a.id, a.kind, a.source, a.owner_id AS "ownerId", a.beneficiary_id AS "beneficiaryId", a.tag, a.from_id AS "fromId", a.until`;
  if (!asOf)
    return tx.$queryRaw<Account[]>`
      SELECT ${columns}, a.balance FROM fund_account a WHERE a.fund_id = ${fundId} AND (a.kind = 'SOURCE' OR a.balance <> 0) ORDER BY a.id`;
  return tx.$queryRaw<Account[]>`
    SELECT ${columns}, sum(p.amount)::bigint AS balance
    FROM fund_account a JOIN fund_posting p ON p.account_id = a.id JOIN fund_entry e ON e.id = p.entry_id
    WHERE a.fund_id = ${fundId} AND e.at <= ${asOf.toISOString()}::timestamptz
    GROUP BY a.id HAVING a.kind = 'SOURCE' OR sum(p.amount) <> 0 ORDER BY a.id`;
}

/** Who draws: a Party organisation, and the enterprise it acts for where it has one. */
export type Parties = { readonly party: string; readonly enterprise?: string };

/** The sources one drawer sees, by fen. `free` is without holds, an expired hold being none. */
export type Position = {
  readonly free: Readonly<Record<Source, Fen>>;
  /** Held for this drawer. */
  readonly held: Fen;
  /** Of the common money, by whomever. */
  readonly poolHeld: Fen;
};

const isExpired = (account: Account, now: Date) => account.until !== null && account.until <= now;

/** What may be used of each source account: its balance and the holds on it that have expired. */
function freeOf(accounts: readonly Account[], now: Date): ReadonlyMap<string, Fen> {
  const free = new Map<string, Fen>();
  for (const account of accounts) {
    if (account.kind === 'SOURCE') free.set(account.id, (free.get(account.id) ?? 0n) + account.balance);
    if (account.kind === 'HOLD' && isExpired(account, now))
      free.set(account.fromId, (free.get(account.fromId) ?? 0n) + account.balance);
  }
  return free;
}

function mayUse(account: AccountKey, { party, enterprise }: Parties, categories: readonly Category[]): boolean {
  if (account.kind !== 'SOURCE') return false;
  if (account.source === 'PRINCIPAL') return account.ownerId === enterprise;
  if (account.source === 'DUES_REFUND') return account.ownerId === party;
  return account.tag === '' || (categories as readonly string[]).includes(account.tag);
}

/** @param categories what is paid for: earmarked money counts only where every category is the earmark's */
export function positionOf(
  accounts: readonly Account[],
  parties: Parties,
  now: Date,
  categories: readonly Category[] = [],
): Position {
  const free: Record<Source, Fen> = { PRINCIPAL: 0n, FISCAL: 0n, DUES_REFUND: 0n, MASS_ORG: 0n, DONATION: 0n };
  const usable = usableOf(accounts, parties, now, categories);
  for (const { source, amount } of usable) free[source] += amount;
  const holds = accounts.filter((account) => account.kind === 'HOLD' && !isExpired(account, now));
  return {
    free,
    held: sum(holds.filter(({ beneficiaryId }) => beneficiaryId === parties.party).map(({ balance }) => balance)),
    poolHeld: sum(holds.filter(({ source }) => source !== 'PRINCIPAL' && source !== 'DUES_REFUND').map(({ balance }) => balance)),
  };
}

export type Part = { readonly account: string; readonly amount: Fen };

type Usable = { readonly id: string; readonly source: Source; readonly tag: string; readonly amount: Fen };

/** Earmarked money first, because nothing else can use it. */
function usableOf(accounts: readonly Account[], parties: Parties, now: Date, categories: readonly Category[]): Usable[] {
  const free = freeOf(accounts, now);
  const only = categories.length === 1 ? categories : [];
  return accounts
    .filter((account) => mayUse(account, parties, only))
    .flatMap(({ id, source, tag }) => (source === '' ? [] : [{ id, source, tag, amount: free.get(id) ?? 0n }]))
    .sort((a, b) => Number(a.tag === '') - Number(b.tag === '') || (a.id < b.id ? -1 : 1));
}

/**
 * The accounts a sum by sources comes from: earmarked ones first, within `positionOf`'s limits.
 * @throws Refusal `fund.short` when a source has less than is asked of it.
 */
export function partsOf(
  accounts: readonly Account[],
  parties: Parties,
  now: Date,
  wanted: Readonly<Partial<Record<Source, Fen>>>,
  categories: readonly Category[] = [],
): Part[] {
  const usable = usableOf(accounts, parties, now, categories);
  return SOURCES.flatMap((source) => {
    let left = wanted[source] ?? 0n;
    const parts: Part[] = [];
    for (const { id, amount } of usable.filter((account) => account.source === source)) {
      const taken = least(left, amount);
      if (taken > 0n) parts.push({ account: id, amount: taken });
      left -= taken;
    }
    if (left > 0n) refuse('fund.short', `${SOURCE[source]}还差${showMoney(left)}，这次不能占用。`);
    return parts;
  });
}

export type Entry = {
  readonly id: string;
  readonly no: string;
  readonly at: Date;
  readonly kind: EntryKind;
  readonly memo: string;
  readonly subject: string | null;
  readonly reason: string | null;
  readonly reverses: string | null;
};

type Line = { readonly account: string; readonly amount: Fen };

type Posting = {
  readonly fund: string;
  readonly kind: EntryKind;
  /** What is said twice under it is posted once. */
  readonly key: string;
  readonly memo: string;
  readonly subject?: string;
  readonly lines: readonly Line[];
  readonly reverses?: Entry;
  readonly reason?: string;
};

/** The one way an entry comes about; its fund is locked. The database refuses one that does not balance or overdraws an account. */
async function post(ctx: Ctx, posting: Posting): Promise<Entry> {
  const { fund, kind, key, memo, subject = null, reverses, reason = null } = posting;
  const lines = gathered(posting.lines);
  if (lines.length === 0) throw new Error(`${key} moves nothing`);
  const inputHash = hashOf({ ...posting, lines });
  const before = await ctx.tx.fundEntry.findUnique({ where: { corp_key: { corp: ctx.corp, key } } });
  if (before) {
    if (before.inputHash !== inputHash) throw new Error(`key ${key} was used for another entry`);
    return entryOf(before);
  }
  await assertCovered(ctx, lines);
  const no = await nextNumber(ctx.tx, ctx.corp, LETTER.VOUCHER, yearOf(ctx.now));
  const entry = {
    id: ctx.id(),
    no,
    at: ctx.now,
    kind,
    memo,
    subject,
    reason,
  };
  await ctx.tx.fundEntry.create({
    data: {
      ...entry,
      corp: ctx.corp,
      fundId: fund,
      standingId: ctx.actor.standing.id,
      key,
      inputHash,
      reversesId: reverses?.id ?? null,
      lines: lines.length,
    },
    select: { id: true },
  });
  await ctx.tx.fundPosting.createMany({
    data: lines.map(({ account, amount }) => ({ entryId: entry.id, accountId: account, amount })),
  });
  return { ...entry, reverses: reverses?.id ?? null };
}

/** One line an account, in the order of the accounts, in which the database locks them. */
function gathered(lines: readonly Line[]): Line[] {
  const each = new Map<string, Fen>();
  for (const { account, amount } of lines) each.set(account, (each.get(account) ?? 0n) + amount);
  return [...each]
    .filter(([, amount]) => amount !== 0n)
    .map(([account, amount]) => ({ account, amount }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
}

function hashOf({ fund, kind, subject, lines, reverses, reason }: Posting): string {
  const input = [fund, kind, subject ?? '', reverses?.id ?? '', reason ?? ''];
  return createHash('sha256')
    .update(JSON.stringify([...input, ...lines.map(({ account, amount }) => `${account} ${amount}`)]))
    .digest('hex');
}

/** The sentence before the database's own refusal. */
async function assertCovered(ctx: Ctx, lines: readonly Line[]): Promise<void> {
  const taken = lines.filter(({ amount }) => amount < 0n);
  const rows = await ctx.tx.fundAccount.findMany({ where: { id: { in: taken.map(({ account }) => account) } } });
  for (const { id, kind, source, balance } of rows) {
    const amount = taken.find(({ account }) => account === id)?.amount ?? 0n;
    if (kind !== 'OUTSIDE' && balance + amount < 0n)
      refuse(
        'fund.short',
        `${SOURCE[source as Source]}现在只有${showMoney(balance)}可以动，还差${showMoney(-amount - balance)}，什么都没有记账。`,
      );
  }
}

/** The account of that description, made when it isn't there. Its fund is locked. */
async function accountOf(ctx: Ctx, fund: string, key: AccountKey, until?: Date): Promise<string> {
  const { kind, source, ownerId, beneficiaryId, tag, fromId } = key;
  const where = { fundId: fund, kind, source, ownerId, beneficiaryId, tag, fromId };
  const found = await ctx.tx.fundAccount.findUnique({
    where: { fundId_kind_source_ownerId_beneficiaryId_tag_fromId: where },
    select: { id: true, until: true },
  });
  if (!found) {
    const id = ctx.id();
    await ctx.tx.fundAccount.create({ data: { ...where, id, corp: ctx.corp, until: until ?? null }, select: { id: true } });
    return id;
  }
  if (until) await ctx.tx.fundAccount.update({ where: { id: found.id }, data: { until }, select: { id: true } });
  return found.id;
}

export type Income = {
  readonly fund: string;
  readonly source: Source;
  /** The enterprise of PRINCIPAL, the Party organisation of DUES_REFUND; '' for common money. */
  readonly owner: string;
  /** '' for any use. */
  readonly earmark: Category | '';
  readonly amount: Fen;
  readonly number: string;
  readonly memo: string;
};

/** 入账, under the number of what was booked. */
export async function receive(ctx: Ctx, { fund, source, owner, earmark, amount, number, memo }: Income): Promise<Entry> {
  await lockFunds(ctx, [fund]);
  const into = await accountOf(ctx, fund, { ...KEY, source, ownerId: owner, tag: earmark });
  const outside = await accountOf(ctx, fund, OUTSIDE);
  const lines = [
    { account: outside, amount: -amount },
    { account: into, amount },
  ];
  return post(ctx, { fund, kind: 'DEPOSIT', key: `deposit:${number}`, subject: number, memo, lines });
}

export type Hold = {
  readonly fund: string;
  /** Of the application. */
  readonly number: string;
  readonly parties: Parties;
  readonly parts: readonly Part[];
  readonly categories: readonly Category[];
  readonly until: Date;
  readonly key: string;
  readonly memo: string;
};

/**
 * 占用: sets money aside for one application, until a moment. Expired holds on the same sources are let go first.
 * @throws Refusal `fund.short`; Error when a part is not this drawer's to use.
 */
export async function hold(ctx: Ctx, { fund, number, parties, parts, categories, until, key, memo }: Hold): Promise<Entry> {
  await lockFunds(ctx, [fund]);
  const accounts = await listAccounts(ctx, fund);
  const sources = new Map(accounts.map((account) => [account.id, account]));
  const lines: Line[] = [];
  for (const { account, amount } of parts) {
    const from = sources.get(account);
    if (!from || amount <= 0n || !mayUse(from, parties, categories.length === 1 ? categories : []))
      throw new Error(`${number} may not draw ${amount} on ${account}`);
    await expireHolds(ctx, fund, accounts, account);
    const { source, ownerId } = from;
    const held = { ...KEY, kind: 'HOLD', source, ownerId, beneficiaryId: parties.party, tag: number, fromId: account } as const;
    lines.push({ account, amount: -amount }, { account: await accountOf(ctx, fund, held, until), amount });
  }
  return post(ctx, { fund, kind: 'HOLD', key, subject: number, memo, lines });
}

async function expireHolds(ctx: Ctx, fund: string, accounts: readonly Account[], from: string): Promise<void> {
  const expired = accounts.filter(
    (account) => account.kind === 'HOLD' && account.fromId === from && account.balance > 0n && isExpired(account, ctx.now),
  );
  for (const { id, tag, until, balance } of expired) {
    const lines = [
      { account: id, amount: -balance },
      { account: from, amount: balance },
    ];
    const memo = `${tag} 的占用已于${showTime(until ?? ctx.now, ctx.now)}到期`;
    await post(ctx, { fund, kind: 'EXPIRE', key: `expire:${id}:${(until ?? ctx.now).toISOString()}`, subject: tag, memo, lines });
  }
}

async function holdsOf(ctx: Ctx, fund: string, number: string): Promise<Account[]> {
  const holds = (await listAccounts(ctx, fund)).filter(({ kind, tag }) => kind === 'HOLD' && tag === number);
  return holds.sort((a, b) => DRAW_ORDER.indexOf(a.source) - DRAW_ORDER.indexOf(b.source) || (a.fromId < b.fromId ? -1 : 1));
}

/** 支用顺序 (rules.md 1.7): so that what is left over is common money first. */
const DRAW_ORDER: readonly (Source | '')[] = ['DUES_REFUND', 'PRINCIPAL', 'FISCAL', 'MASS_ORG', 'DONATION'];

/** What is held for an application now; 0 when the hold has expired. */
export async function heldFor(ctx: Ctx, fund: string, number: string): Promise<Fen> {
  return sum((await holdsOf(ctx, fund, number)).filter((h) => !isExpired(h, ctx.now)).map(({ balance }) => balance));
}

export async function extendHold(
  ctx: Ctx,
  { fund, number, until }: { fund: string; number: string; until: Date },
): Promise<void> {
  await lockFunds(ctx, [fund]);
  await ctx.tx.fundAccount.updateMany({ where: { fundId: fund, kind: 'HOLD', tag: number }, data: { until } });
}

export type Spend = { readonly category: Category; readonly amount: Fen };

/**
 * 拨付: pays out of what is held, in whole or in part. `spend` names what for; money earmarked for a category is held by
 * applications of that category alone.
 * @throws Refusal `fund.not-held`
 */
export async function capture(ctx: Ctx, move: Capture): Promise<Entry> {
  const { fund, number, spend, key, memo } = move;
  await lockFunds(ctx, [fund]);
  const done = await repeated(ctx, key);
  if (done) return done;
  const holds = (await holdsOf(ctx, fund, number)).filter((account) => !isExpired(account, ctx.now));
  const rest = new Map(holds.map(({ id, balance }) => [id, balance]));
  const lines: Line[] = [];
  for (const { category, amount } of spend) {
    let left = amount;
    for (const { id, source, ownerId, beneficiaryId, fromId } of holds) {
      const taken = least(left, rest.get(id) ?? 0n);
      if (taken <= 0n) continue;
      const spent = { ...KEY, kind: 'SPENT', source, ownerId, beneficiaryId, tag: category, fromId } as const;
      lines.push({ account: id, amount: -taken }, { account: await accountOf(ctx, fund, spent), amount: taken });
      rest.set(id, (rest.get(id) ?? 0n) - taken);
      left -= taken;
    }
    if (left > 0n)
      refuse('fund.not-held', `${number} 占用的钱不够，还差${showMoney(left)}：可能已经到期或解除，请重新占用以后再拨付。`);
  }
  return post(ctx, { fund, kind: 'CAPTURE', key, subject: number, memo, lines });
}

export type Capture = {
  readonly fund: string;
  readonly number: string;
  readonly spend: readonly Spend[];
  readonly key: string;
  readonly memo: string;
};

/** What was posted under this key before: its lines depend on what stood there then, so they cannot be reckoned again. */
async function repeated(ctx: Ctx, key: string): Promise<Entry | undefined> {
  const before = await ctx.tx.fundEntry.findUnique({ where: { corp_key: { corp: ctx.corp, key } } });
  return before ? entryOf(before) : undefined;
}

/** 解除占用: all that is left of it, expired or not. @returns nothing when nothing was left */
export async function releaseHold(
  ctx: Ctx,
  { fund, number, key, memo }: { fund: string; number: string; key: string; memo: string },
): Promise<Entry | undefined> {
  await lockFunds(ctx, [fund]);
  const done = await repeated(ctx, key);
  if (done) return done;
  const holds = await holdsOf(ctx, fund, number);
  if (holds.length === 0) return undefined;
  const lines = holds.flatMap(({ id, fromId, balance }) => [
    { account: id, amount: -balance },
    { account: fromId, amount: balance },
  ]);
  return post(ctx, { fund, kind: 'RELEASE', key, subject: number, memo, lines });
}

/** 结余退回: what was paid out and not used goes back to where it came from, the common money first. @throws Refusal `fund.not-spent` */
export async function giveBack(ctx: Ctx, { fund, number, spend, key, memo }: Capture): Promise<Entry> {
  await lockFunds(ctx, [fund]);
  const done = await repeated(ctx, key);
  if (done) return done;
  const spent = await spentFor(ctx, fund, number);
  const lines: Line[] = [];
  for (const { category, amount } of spend) {
    let left = amount;
    for (const { account, fromId, tag, balance } of spent.toReversed()) {
      const taken = tag === category ? least(left, balance) : 0n;
      if (taken <= 0n) continue;
      lines.push({ account, amount: -taken }, { account: fromId, amount: taken });
      left -= taken;
    }
    if (left > 0n) refuse('fund.not-spent', `${number} 没有拨付过这么多，多退了${showMoney(left)}，请核对金额。`);
  }
  return post(ctx, { fund, kind: 'GIVE_BACK', key, subject: number, memo, lines });
}

type Spent = {
  readonly account: string;
  readonly fromId: string;
  readonly tag: string;
  readonly source: Source;
  readonly balance: Fen;
};

/** What one application has spent, in the order it was drawn. */
async function spentFor(ctx: Ctx, fund: string, number: string): Promise<Spent[]> {
  const rows = await ctx.tx.$queryRaw<Spent[]>`
    SELECT a.id AS account, a.from_id AS "fromId", a.tag, a.source, sum(p.amount)::bigint AS balance
    FROM fund_posting p JOIN fund_account a ON a.id = p.account_id JOIN fund_entry e ON e.id = p.entry_id
    WHERE a.fund_id = ${fund} AND a.kind = 'SPENT' AND e.subject = ${number} GROUP BY a.id HAVING sum(p.amount) > 0`;
  return rows.sort((a, b) => DRAW_ORDER.indexOf(a.source) - DRAW_ORDER.indexOf(b.source) || (a.fromId < b.fromId ? -1 : 1));
}

/** 奖励: from the common money into each depositor's principal. */
export async function payRewards(
  ctx: Ctx,
  {
    fund,
    parts,
    rewards,
    key,
    memo,
  }: { fund: string; parts: readonly Part[]; rewards: readonly Part[]; key: string; memo: string },
): Promise<Entry> {
  const lines: Line[] = parts.map(({ account, amount }) => ({ account, amount: -amount }));
  await lockFunds(ctx, [fund]);
  for (const { account: ownerId, amount } of rewards)
    lines.push({ account: await accountOf(ctx, fund, { ...KEY, source: 'PRINCIPAL', ownerId }), amount });
  return post(ctx, { fund, kind: 'REWARD', key, memo, lines });
}

/** 退存: principal leaves the fund, under the number it was asked for. @throws Refusal `fund.short` */
export async function payRefund(
  ctx: Ctx,
  { fund, enterprise, amount, number, memo }: { fund: string; enterprise: string; amount: Fen; number: string; memo: string },
): Promise<Entry> {
  await lockFunds(ctx, [fund]);
  const lines = [
    { account: await accountOf(ctx, fund, { ...KEY, source: 'PRINCIPAL', ownerId: enterprise }), amount: -amount },
    { account: await accountOf(ctx, fund, OUTSIDE), amount },
  ];
  return post(ctx, { fund, kind: 'REFUND', key: `refund:${number}`, subject: number, memo, lines });
}

/** 冲正: undoes one entry by its mirror image. @throws Refusal when it is undone already, or the money is no longer there */
export async function reverse(ctx: Ctx, { no, reason }: { no: string; reason: string }): Promise<Entry> {
  const { entry, fund } = await loadEntry(ctx, no);
  await lockFunds(ctx, [fund.id]);
  if (entry.kind === 'REVERSAL') refuse('fund.reversal', `${no} 本身就是冲正，不能再冲。要恢复原样，请重新记一笔。`);
  const undone = await ctx.tx.fundEntry.findUnique({ where: { reversesId: entry.id } });
  if (undone) refuse('fund.reversed', `${no} 已经由 ${undone.no} 冲正过了，不用再冲。`);
  const postings = await ctx.tx.fundPosting.findMany({ where: { entryId: entry.id } });
  const lines = postings.map(({ accountId, amount }) => ({ account: accountId, amount: -amount }));
  const memo = `冲正 ${no}`;
  return post(ctx, {
    fund: fund.id,
    kind: 'REVERSAL',
    key: `reverse:${no}`,
    ...(entry.subject === null ? {} : { subject: entry.subject }),
    memo,
    lines,
    reverses: entry,
    reason,
  });
}

/** By enterprise: what of its principal went into activities between two moments, less what came back. */
export async function principalUsed(ctx: Ctx, fundId: string, from: Date, until: Date): Promise<ReadonlyMap<string, Fen>> {
  const rows = await ctx.tx.$queryRaw<{ ownerId: string; used: Fen }[]>`
    SELECT a.owner_id AS "ownerId", sum(p.amount)::bigint AS used
    FROM fund_posting p JOIN fund_account a ON a.id = p.account_id JOIN fund_entry e ON e.id = p.entry_id
    WHERE a.fund_id = ${fundId} AND a.kind = 'SPENT' AND a.source = 'PRINCIPAL'
      AND e.at >= ${from.toISOString()}::timestamptz AND e.at <= ${until.toISOString()}::timestamptz
    GROUP BY a.owner_id`;
  return new Map(rows.map(({ ownerId, used }) => [ownerId, used]));
}

/** What an enterprise was credited as reward since a moment. */
export async function rewardsSince(ctx: Ctx, fundId: string, enterprise: string, since: Date): Promise<Fen> {
  const [row] = await ctx.tx.$queryRaw<{ credited: Fen }[]>`
    SELECT coalesce(sum(p.amount), 0)::bigint AS credited
    FROM fund_posting p JOIN fund_account a ON a.id = p.account_id JOIN fund_entry e ON e.id = p.entry_id
    WHERE a.fund_id = ${fundId} AND a.kind = 'SOURCE' AND a.source = 'PRINCIPAL' AND a.owner_id = ${enterprise}
      AND e.kind = 'REWARD' AND e.at > ${since.toISOString()}::timestamptz`;
  return row?.credited ?? 0n;
}

type EntryRow = Omit<Entry, 'reverses' | 'kind'> & { kind: string; reversesId: string | null };

function entryOf({ id, no, at, kind, memo, subject, reason, reversesId }: EntryRow): Entry {
  return { id, no, at, kind: kind as EntryKind, memo, subject, reason, reverses: reversesId };
}

/** @throws Refusal `fund.no-entry` */
export async function loadEntry(ctx: Ctx, no: string): Promise<{ entry: Entry; fund: Fund }> {
  const row = await ctx.tx.fundEntry.findUnique({ where: { corp_no: { corp: ctx.corp, no } } });
  if (!row) return refuse('fund.no-entry', `没有找到凭证 ${no}，请核对编号。说“公积金台账”可以看到最近的凭证。`);
  return { entry: entryOf(row), fund: await fundById(ctx, row.fundId) };
}

/** Whether a matter has a voucher. */
export async function isPosted(ctx: Ctx, number: string): Promise<boolean> {
  return (await ctx.tx.fundEntry.count({ where: { corp: ctx.corp, subject: number } })) > 0;
}

/** The fund in which a matter has vouchers. @throws Refusal `fund.no-entry` */
export async function subjectFund(ctx: Ctx, number: string): Promise<Fund> {
  const row = await ctx.tx.fundEntry.findFirst({ where: { corp: ctx.corp, subject: number }, select: { fundId: true } });
  if (!row) return refuse('fund.no-entry', `${number} 还没有记过账，没有凭证。`);
  return fundById(ctx, row.fundId);
}

/** One line of a voucher, with what the account is called by. */
export type Movement = {
  readonly no: string;
  readonly at: Date;
  readonly entryKind: EntryKind;
  readonly memo: string;
  readonly subject: string | null;
  readonly reason: string | null;
  readonly kind: AccountKind;
  readonly source: Source | '';
  readonly tag: string;
  readonly owner: string | null;
  readonly ownerId: string;
  readonly beneficiary: string | null;
  readonly beneficiaryId: string;
  readonly amount: Fen;
};

export type MovementFilter = {
  readonly fund: string;
  readonly subject?: string;
  readonly numbers?: readonly string[];
  readonly from?: Date;
  /** This moment is not in it. */
  readonly until?: Date;
};

function isMovement({ fund, subject, numbers, from, until }: MovementFilter): Prisma.Sql {
  const where = [
    Prisma.sql`e.fund_id = ${fund}`,
    ...(subject === undefined ? [] : [Prisma.sql`e.subject = ${subject}`]),
    ...(numbers === undefined ? [] : [Prisma.sql`e.no = ANY(${[...numbers]}::text[])`]),
    ...(from === undefined ? [] : [Prisma.sql`e.at >= ${from.toISOString()}::timestamptz`]),
    ...(until === undefined ? [] : [Prisma.sql`e.at < ${until.toISOString()}::timestamptz`]),
  ];
  return Prisma.join(where, ' AND ');
}

/** Vouchers line by line, the oldest first. */
export function listMovements(ctx: Ctx, filter: MovementFilter, limit: number): Promise<Movement[]> {
  return ctx.tx.$queryRaw<Movement[]>`
    SELECT e.no, e.at, e.kind AS "entryKind", e.memo, e.subject, e.reason, a.kind, a.source, a.tag, a.owner_id AS "ownerId",
      o.short_name AS owner, b.short_name AS beneficiary, a.beneficiary_id AS "beneficiaryId", p.amount
    FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id JOIN fund_account a ON a.id = p.account_id
      LEFT JOIN organisation o ON o.id = a.owner_id LEFT JOIN organisation b ON b.id = a.beneficiary_id
    WHERE ${isMovement(filter)} ORDER BY e.at, e.no, p.amount, a.id LIMIT ${limit}::int`;
}

/** More than a few vouchers have. */
const MOST_LINES = 10_000;

/** The newest so many vouchers line by line, the oldest of them first. */
export async function listLatest(ctx: Ctx, filter: MovementFilter, vouchers: number): Promise<Movement[]> {
  const found = await ctx.tx.$queryRaw<{ no: string }[]>`
    SELECT e.no FROM fund_entry e WHERE ${isMovement(filter)} ORDER BY e.at DESC, e.no DESC LIMIT ${vouchers}::int`;
  const numbers = found.map(({ no }) => no);
  return numbers.length === 0 ? [] : listMovements(ctx, { fund: filter.fund, numbers }, MOST_LINES);
}

/** What a kind of account holds in all funds of the corp. */
export type Balance = Pick<Movement, 'kind' | 'source' | 'tag' | 'owner' | 'beneficiary' | 'amount'>;

/** Every source, and of the others those that are not empty. */
export async function listBalances(tx: Tx, corp: string): Promise<Balance[]> {
  return tx.$queryRaw`
    SELECT a.kind, a.source, a.tag, o.short_name AS owner, b.short_name AS beneficiary, sum(a.balance)::bigint AS amount
    FROM fund_account a LEFT JOIN organisation o ON o.id = a.owner_id LEFT JOIN organisation b ON b.id = a.beneficiary_id
    WHERE a.corp = ${corp} GROUP BY a.kind, a.source, a.tag, o.short_name, b.short_name
    HAVING a.kind = 'SOURCE' OR sum(a.balance) <> 0
    ORDER BY array_position(ARRAY['SOURCE', 'HOLD', 'SPENT'], a.kind), a.source, o.short_name, b.short_name, a.tag`;
}
