/** 参数: county policy as versioned rows over a module's own defaults (rules.md 1.10). */
import type { Ctx } from '../bot/ctx.ts';
import { currentParameters } from './store.ts';

/** The values in force at `ctx.now`. @throws Error when a stored value is no number. */
export async function parameters<K extends string>(
  ctx: Ctx,
  defaults: Readonly<Record<K, number>>,
): Promise<Readonly<Record<K, number>>> {
  const values: Record<K, number> = { ...defaults };
  for (const { key, value } of await currentParameters(ctx, Object.keys(defaults))) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`parameter ${key} is not a number`);
    values[key as K] = value;
  }
  return values;
}
