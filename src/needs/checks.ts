import type { Check } from '../bot/module.ts';

/** A need is claimed if and only if somebody claimed it, merged if and only if into another, and published if and only if it may be. */
export const statesAgree: Check = {
  name: 'need.states-agree',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT no FROM need WHERE corp = ${corp} AND (
        (state = 'CLAIMED' AND (claimant_id IS NULL OR claimed_at IS NULL)) OR (state IN ('PENDING', 'RETURNED', 'OPEN') AND claimant_id IS NOT NULL)
        OR (state = 'MERGED' AND claimant_id IS NOT NULL) OR ((state = 'MERGED') <> (merged_into_id IS NOT NULL)) OR merged_into_id = id
        OR (state IN ('OPEN', 'CLAIMED') AND published_at IS NULL) OR (state IN ('PENDING', 'RETURNED') AND published_at IS NOT NULL))`;
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
        AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.corp = n.corp AND a.subject = n.no AND a.intent LIKE CASE WHEN n.state = 'MERGED' THEN 'need.merge' ELSE 'approval.%' END AND a.outcome = 'done')`;
    return rows.map(({ no }) => `${no} was decided and nobody's audit row says so`);
  },
};
