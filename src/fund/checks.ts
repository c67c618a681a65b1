/** The laws of money over the rows as they are: after every story, every night, and by `npm run reconcile`. */
import type { Check } from '../bot/module.ts';
import type { Tx } from '../db/db.ts';
import { showMoney } from '../kernel/money.ts';

const entriesBalance: Check = {
  name: 'fund.entries-balance',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string; total: bigint; postings: number }[]>`
      SELECT e.no, coalesce(sum(p.amount), 0)::bigint AS total, count(p.amount)::int AS postings
      FROM fund_entry e LEFT JOIN fund_posting p ON p.entry_id = e.id WHERE e.corp = ${corp}
      GROUP BY e.id HAVING coalesce(sum(p.amount), 0) <> 0 OR count(p.amount) <> e.lines`;
    return rows.map(({ no, total, postings }) => `${no} is out by ${showMoney(total)} with ${postings} postings`);
  },
};

/** A replay of every posting gives every balance, and none but the outside is below zero. */
const balancesReplay: Check = {
  name: 'fund.balances-replay',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ id: string; balance: bigint; total: bigint }[]>`
      SELECT a.id, a.balance, coalesce(sum(p.amount), 0)::bigint AS total
      FROM fund_account a LEFT JOIN fund_posting p ON p.account_id = a.id WHERE a.corp = ${corp}
      GROUP BY a.id HAVING a.balance <> coalesce(sum(p.amount), 0) OR (a.balance < 0 AND a.kind <> 'OUTSIDE')`;
    return rows.map(({ id, balance, total }) => `account ${id} says ${showMoney(balance)}, its postings ${showMoney(total)}`);
  },
};

/** At no moment of its history was an account below zero. */
const neverBelowZero: Check = {
  name: 'fund.never-below-zero',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ id: string; no: string }[]>`
      SELECT id, no FROM (
        SELECT a.id, a.kind, e.no, sum(p.amount) OVER (PARTITION BY a.id ORDER BY e.no) AS running
        FROM fund_posting p JOIN fund_account a ON a.id = p.account_id JOIN fund_entry e ON e.id = p.entry_id WHERE e.corp = ${corp}
      ) history WHERE running < 0 AND kind <> 'OUTSIDE'`;
    return rows.map(({ id, no }) => `account ${id} was below zero after ${no}`);
  },
};

/** 专款专用: principal and handed-back dues pay for nobody but their owner, earmarked money for nothing but its category. */
const earmarksKept: Check = {
  name: 'fund.earmarks-kept',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ id: string; kind: string }[]>`
      SELECT a.id, a.kind FROM fund_account a JOIN fund_account f ON f.id = a.from_id LEFT JOIN organisation o ON o.id = a.owner_id
      WHERE a.corp = ${corp} AND a.kind IN ('HOLD', 'SPENT') AND (
        (a.source, a.owner_id) <> (f.source, f.owner_id)
        OR (a.source = 'PRINCIPAL' AND o.party_organisation_id IS DISTINCT FROM a.beneficiary_id)
        OR (a.source = 'DUES_REFUND' AND a.owner_id <> a.beneficiary_id)
        OR (a.kind = 'SPENT' AND f.tag <> '' AND f.tag <> a.tag AND a.balance <> 0))`;
    return rows.map(({ id, kind }) => `${kind} account ${id} pays with money that is not meant for it`);
  },
};

/** Every deposit that counts has its voucher of that sum, and no other has one that still stands. */
const depositsBooked: Check = {
  name: 'fund.deposits-booked',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string; state: string }[]>`
      SELECT d.no, d.state FROM fund_deposit d WHERE d.corp = ${corp} AND (d.state = 'CONFIRMED') <> EXISTS (
        SELECT 1 FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id
        WHERE e.corp = d.corp AND e.subject = d.no AND e.kind = 'DEPOSIT' AND p.amount = d.amount)`;
    return rows.map(({ no, state }) => `${no} is ${state}, and its voucher says otherwise`);
  },
};

/** Vouchers run without a gap. */
const vouchersRun: Check = {
  name: 'fund.vouchers-run',
  async find(tx: Tx, corp: string) {
    const rows = await tx.$queryRaw<{ year: number; last: number; entries: number }[]>`
      SELECT c.year, c.last, count(e.id)::int AS entries FROM counter c
        LEFT JOIN fund_entry e ON e.corp = c.corp AND e.no LIKE 'P-' || c.year || '-%'
      WHERE c.corp = ${corp} AND c.letter = 'P' GROUP BY c.year, c.last HAVING count(e.id) <> c.last`;
    return rows.map(({ year, last, entries }) => `${year}: ${entries} vouchers, but the counter says ${last}`);
  },
};

export const fundChecks: readonly Check[] = [
  entriesBalance,
  balancesReplay,
  neverBelowZero,
  earmarksKept,
  depositsBooked,
  vouchersRun,
];
