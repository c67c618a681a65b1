/** 参数: a number that county policy sets (rules.md 1.10). A module declares it once; its list, its change and its checks are derived. */
import { refuse } from '../kernel/refusal.ts';

export type Parameter = {
  /** 审核时限: how people name it, without spaces or signs. */
  readonly label: string;
  /** Other names for it. */
  readonly words?: readonly string[];
  readonly default: number;
  /** 个工作日, 条, %, 元: written right after the number. */
  readonly unit: string;
  /** Both included. */
  readonly range: readonly [min: number, max: number];
  /** Digits after the point; none unless said. */
  readonly decimals?: number;
  /** The rule it is part of, as a sentence. */
  readonly clause: string;
  /** What a change does to what is under way; unless said only what begins later follows the new number. */
  readonly affects?: string;
};

export type Parameters = Readonly<Record<string, Parameter>>;
export type ParameterValues<P> = { readonly [K in keyof P]: number };

export function defineParameters<const P extends Parameters>(parameters: P): { readonly [K in keyof P]: Parameter } {
  return parameters;
}

export function defaultsOf<P extends Parameters>(parameters: P): ParameterValues<P> {
  return Object.fromEntries(Object.entries(parameters).map(([key, { default: value }]) => [key, value])) as ParameterValues<P>;
}

/** A stored value, or the nearest that is allowed now. */
export function within({ range: [min, max] }: Parameter, value: number): number {
  return Math.min(max, Math.max(min, value));
}

/** 5个工作日 */
export function showValue({ unit }: Parameter, value: number): string {
  return `${value}${unit}`;
}

/** A value somebody wants, with the unit they said, if any. @throws Refusal with the range */
export function assertAllowed(parameter: Parameter, value: number, unit: string): void {
  const { label, range, decimals = 0 } = parameter;
  const [min, max] = range;
  const allowed = `可以改成${min}到${showValue(parameter, max)}`;
  if (unit !== '' && sort(unit) !== sort(parameter.unit))
    refuse(
      'parameter.unit',
      `${label}是按“${parameter.unit || '数'}”算的，您说的是“${unit}”。请按“${parameter.unit || '数'}”说，${allowed}。`,
    );
  if (value < min || value > max) refuse('parameter.range', `${label}${allowed}，您说的是${value}。请换一个数再说。`);
  if (Number(value.toFixed(decimals)) !== value)
    refuse(
      'parameter.decimals',
      `${label}${decimals === 0 ? '要说整数' : `最多${decimals}位小数`}，${allowed}。请换一个数再说。`,
    );
}

/** People say 天 for 个工作日, and 次 for 回. */
function sort(unit: string): string {
  const bare = unit.replace(/^个/u, '');
  return ['天', '日', '工作日', '自然日'].includes(bare) ? '天' : bare === '%' || bare === '百分点' ? '%' : bare;
}
