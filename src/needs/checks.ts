import type { Check } from '../bot/module.ts';
import { ENDED } from './life.ts';
import { AT_WORK, IN_HAND } from './words.ts';

/** A need is claimed if and only if somebody claimed it, merged if and only if into another, and published if and only if it may be. */
export const statesAgree: Check = {
  name: 'need.states-agree',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT no FROM need WHERE corp = ${corp} AND (
        (state = ANY(${[...IN_HAND, 'DONE']}::text[]) AND (claimant_id IS NULL OR claimed_at IS NULL)) OR (state IN ('PENDING', 'RETURNED', 'OPEN', 'EXPIRED') AND claimant_id IS NOT NULL)
        OR (state IN ('UNDERWAY', 'DELIVERED', 'RECTIFYING', 'DONE') AND started_at IS NULL) OR (state IN ('DELIVERED', 'DONE') AND delivered_at IS NULL)
        OR (state = 'RECTIFYING' AND rectify_due IS NULL) OR (state IN ('DONE', 'RETIRED', 'EXPIRED') AND ended_at IS NULL) OR (state = 'RETIRED' AND fault IS NULL)
        OR (state = 'MERGED' AND claimant_id IS NOT NULL) OR ((state = 'MERGED') <> (merged_into_id IS NOT NULL)) OR merged_into_id = id
        OR (state = ANY(${['OPEN', 'DONE', 'RETIRED', 'EXPIRED', ...IN_HAND]}::text[]) AND published_at IS NULL) OR (state IN ('PENDING', 'RETURNED') AND published_at IS NOT NULL))`;
    return rows.map(({ no }) => `${no} contradicts its state`);
  },
};

/** Running numbers have no gap and no double. */
export const numbersRun: Check = {
  name: 'need.numbers-run',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ letter: string; needs: bigint; last: number }[]>`
      SELECT letter, count(n.id) AS needs, max(c.last) AS last
      FROM counter c LEFT JOIN need n ON n.corp = c.corp AND n.no LIKE c.letter || '-' || c.year || '-%'
      WHERE c.corp = ${corp} AND c.letter IN ('A', 'B', 'C') GROUP BY letter, year HAVING count(n.id) <> max(c.last)`;
    return rows.map(({ letter, needs, last }) => `${letter}: ${needs} needs, but the counter says ${last}`);
  },
};

/** Every decision stands in the audit. */
export const decisionsAudited: Check = {
  name: 'need.decisions-audited',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT no FROM need n WHERE corp = ${corp} AND state NOT IN ('PENDING', 'WITHDRAWN')
        AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.corp = n.corp AND a.subject = n.no AND a.intent LIKE CASE WHEN n.state = 'MERGED' THEN 'need.merge' ELSE 'approval.%' END AND a.outcome = 'done')
        AND NOT EXISTS (SELECT 1 FROM tip t JOIN audit a ON a.corp = t.corp AND a.subject = t.no WHERE t.need_id = n.id AND a.intent LIKE 'approval.%' AND a.outcome = 'done')`;
    return rows.map(({ no }) => `${no} was decided and nobody's audit row says so`);
  },
};

/** Whatever is alive stands in the lists of search where it belongs, and nowhere else. */
export const foundBySearch: Check = {
  name: 'need.found-by-search',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      WITH alive AS (SELECT * FROM need WHERE corp = ${corp} AND NOT (state = ANY(${[...ENDED]}::text[]))),
      wanted AS (
        SELECT list, need_stands_at(scope, state, opened_at, published_at) AS at, id AS need_id
        FROM alive, unnest(ARRAY['', '+']) scope, need_lists(corp, scope, search, organisation_id, library_id) list
        WHERE need_stands_at(scope, state, opened_at, published_at) IS NOT NULL),
      kept AS (SELECT list, at, need_id FROM need_gram WHERE need_id IN (SELECT id FROM alive))
      SELECT DISTINCT no FROM ((SELECT * FROM wanted EXCEPT SELECT * FROM kept) UNION ALL (SELECT * FROM kept EXCEPT SELECT * FROM wanted)) d
      JOIN alive ON id = need_id`;
    return rows.map(({ no }) => `${no} is not found by search as it stands`);
  },
};

/** 项项有落实 (checklist D8): whatever waits for a claim or for its claimant has a timer that goes on with it. */
export const nothingRests: Check = {
  name: 'need.nothing-rests',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT no FROM need n WHERE corp = ${corp} AND state = ANY(${['OPEN', 'GATHERING', 'DELIVERED', ...AT_WORK]}::text[])
        AND NOT EXISTS (SELECT 1 FROM job j WHERE j.corp = n.corp AND j.name = 'need.go-on' AND j.key = n.no AND j.dead_at IS NULL)`;
    return rows.map(({ no }) => `${no} waits and no timer goes on with it`);
  },
};

/** A collective claim never has more members than were wanted, and its leader is one of them. */
export const claimsAreWhole: Check = {
  name: 'need.claims-whole',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT n.no FROM need n LEFT JOIN need_member m ON m.need_id = n.id
      WHERE n.corp = ${corp} AND n.claimant_organisation_id IS NOT NULL AND n.state = ANY(${[...IN_HAND]}::text[])
      GROUP BY n.id HAVING count(m.person_id) > n.wanted OR NOT bool_or(coalesce(m.person_id = n.claimant_id, false))
        OR (n.state <> 'GATHERING' AND count(m.person_id) < n.wanted)`;
    return rows.map(({ no }) => `${no}: its collective claim is not whole`);
  },
};

/** A tip is valid if and only if a need came of it, and what was not valid says why. */
export const tipsAgree: Check = {
  name: 'scout.tips-agree',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT t.no FROM tip t LEFT JOIN need n ON n.id = t.need_id AND n.corp = t.corp AND n.channel = 'SCOUT'
      WHERE t.corp = ${corp} AND (((t.state = 'VALID') <> (n.id IS NOT NULL)) OR ((t.state = 'INVALID') <> (t.reason IS NOT NULL)) OR ((t.state = 'OPEN') <> (t.decided_at IS NULL)))`;
    return rows.map(({ no }) => `${no} contradicts its state`);
  },
};
