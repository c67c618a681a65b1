import type { Check } from '../bot/module.ts';

/** What the firms were given is what is ordered, in whole packs, and nobody has more than they could take. */
export const sharesAgree: Check = {
  name: 'purchase.shares-agree',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT g.no FROM group_purchase g LEFT JOIN group_pledge l ON l.purchase_id = g.id
      WHERE g.corp = ${corp} AND g.state IN ('FORMED', 'ORDERED', 'ARRIVED', 'SETTLED')
      GROUP BY g.id HAVING sum(l.allocated) <> g.packs * g.pack_size OR bool_or(l.allocated > l.quantity + l.tolerance)
        OR bool_or(l.allocated > 0 AND l.ceiling_fen < g.price_fen) OR bool_or(l.allocated > 0 AND l.state <> 'PLEDGED')`;
    return rows.map(({ no }) => `${no}: the shares are not what was ordered`);
  },
};

/** What came is what the firms received. */
export const deliveriesAgree: Check = {
  name: 'purchase.deliveries-agree',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT g.no FROM group_purchase g LEFT JOIN group_pledge l ON l.purchase_id = g.id
      WHERE g.corp = ${corp} AND g.state IN ('ARRIVED', 'SETTLED')
      GROUP BY g.id HAVING sum(coalesce(l.received, 0)) <> g.delivered OR bool_or(l.received > l.allocated)`;
    return rows.map(({ no }) => `${no}: what came is not what was handed out`);
  },
};

/** Whatever takes pledges has a supplier, a price and a time to close that a timer waits for. */
export const openOnesClose: Check = {
  name: 'purchase.open-ones-close',
  async find(tx, corp) {
    const rows = await tx.$queryRaw<{ no: string }[]>`
      SELECT g.no FROM group_purchase g WHERE g.corp = ${corp} AND g.state IN ('OPEN', 'EXTENDED')
        AND (g.close_at IS NULL OR g.quote_id IS NULL OR NOT EXISTS (
          SELECT 1 FROM job j WHERE j.corp = g.corp AND j.name = 'purchase.close' AND j.payload->>'no' = g.no))`;
    return rows.map(({ no }) => `${no}: open, and nothing will close it`);
  },
};
