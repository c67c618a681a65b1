import type { Check } from '../../bot/module.ts';

/** Applicant, approver and payer are three people, and nobody decided what is from their own organisation. */
const apart: Check = {
  name: 'fund.apart',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT DISTINCT a.no FROM fund_application a JOIN fund_decision d ON d.application_id = a.id
      WHERE a.corp = ${corp} AND (d.person_id = a.applicant_id
        OR (d.step <> 'PAY' AND d.person_id = a.payer_id)
        OR EXISTS (SELECT 1 FROM standing s WHERE s.person_id = d.person_id AND s.organisation_id IN (a.organisation_id, a.enterprise_id)
                   AND s.since <= d.at AND (s.until IS NULL OR s.until > d.at)))`;
    return rows.map(({ no }) => `${no}: one person in two of applying, approving, paying`);
  },
};

/** A hold lies for an application that waits for its money, and for no other. */
const holdsLive: Check = {
  name: 'fund.holds-live',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ tag: string; state: string | null }[]>`
      SELECT h.tag, a.state FROM fund_account h LEFT JOIN fund_application a ON a.corp = h.corp AND a.no = h.tag
      WHERE h.corp = ${corp} AND h.kind = 'HOLD' AND h.balance > 0 AND h.tag LIKE 'F-%'
        AND (a.state IS NULL OR a.state NOT IN ('ON_NOTICE', 'CONTESTED', 'CLEARED', 'APPROVED'))`;
    return rows.map(({ tag, state }) => `${tag} is ${state ?? 'unknown'} and money is held for it`);
  },
};

/** What was paid stands in the ledger, less what flowed back. */
const paidAsPosted: Check = {
  name: 'fund.paid-as-posted',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT a.no FROM fund_application a WHERE a.corp = ${corp} AND coalesce(
        (SELECT sum(p.amount) FROM fund_posting p JOIN fund_account s ON s.id = p.account_id JOIN fund_entry e ON e.id = p.entry_id
         WHERE e.corp = a.corp AND e.subject = a.no AND s.kind = 'SPENT'), 0)
        <> CASE WHEN a.state = 'SETTLED' THEN a.spent WHEN a.state IN ('PAID', 'REFUNDING') THEN a.paid ELSE 0 END`;
    return rows.map(({ no }) => `${no}: the ledger has paid another sum`);
  },
};

/** Own money and credit add up to what is asked; nothing is proposed above it or paid above that. */
const sumsAgree: Check = {
  name: 'fund.sums-agree',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT no FROM fund_application WHERE corp = ${corp} AND (asked <= 0 OR asked > budget_total OR credit < 0 OR credit > asked
        OR proposed > asked OR paid > proposed OR spent > paid
        OR (state IN ('PAID', 'REFUNDING', 'SETTLED') AND (paid IS NULL OR payer_id IS NULL))
        OR (state = 'SETTLED' AND (spent IS NULL OR settled_at IS NULL))
        OR (state IN ('ON_NOTICE', 'CONTESTED', 'CLEARED', 'APPROVED') AND proposed IS NULL))`;
    return rows.map(({ no }) => `${no} contradicts its sums`);
  },
};

/** Every one in its public life was public for the days it says. */
const wasPublic: Check = {
  name: 'fund.was-public',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT no FROM fund_application WHERE corp = ${corp} AND state IN ('CLEARED', 'APPROVED', 'PAID', 'REFUNDING', 'SETTLED')
        AND (notice_from IS NULL OR notice_until IS NULL OR notice_until <= notice_from)`;
    return rows.map(({ no }) => `${no} was decided without publicity`);
  },
};

export const applicationChecks: readonly Check[] = [apart, holdsLive, paidAsPosted, sumsAgree, wasPublic];
