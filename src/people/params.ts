/** 参数: county policy as versioned rows over what a module declares (rules.md 1.10). */
import type { Ctx } from '../bot/ctx.ts';
import { defaultsOf, defineParameters, within, type Parameter, type ParameterValues } from '../bot/parameter.ts';
import { currentParameters } from './store.ts';

export const UNDO = defineParameters({
  'talk.undo_m': {
    label: '撤销时限',
    default: 2,
    unit: '分钟',
    range: [1, 60],
    clause: '办错了的一步，这么多分钟内说“撤销”就退回去；别人已经接着办的不能撤',
  },
});

/** The values in force at `ctx.now`, each within its range. @throws Error when a stored value is no number. */
export async function parameters<K extends string>(
  ctx: Ctx,
  declared: Readonly<Record<K, Parameter>>,
): Promise<ParameterValues<Record<K, Parameter>>> {
  const values: Record<K, number> = { ...defaultsOf(declared) };
  for (const { key, value } of await currentParameters(ctx, Object.keys(declared))) {
    if (typeof value !== 'number' || !Number.isFinite(value)) throw new Error(`parameter ${key} is not a number`);
    values[key as K] = within(declared[key as K], value);
  }
  return values;
}
