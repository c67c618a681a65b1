/** Who rules on an appeal: the county's two bodies, but not whoever let the need leave. */
import type { Ctx } from '../../bot/ctx.ts';
import { COUNTY_ROLES, countyOf, holders, organisation, type Holder } from '../../people/index.ts';
import type { Need } from '../store.ts';
import { retiredBy } from './store.ts';

export async function rulersOf(ctx: Ctx, need: Need): Promise<readonly Holder[]> {
  const county = countyOf(await organisation(ctx, need.library.id));
  const barred = await retiredBy(ctx, need.no);
  return (await holders(ctx, county.id, COUNTY_ROLES)).filter(({ id }) => id !== barred);
}
