/** States as data: what may follow what. */
import { refuse } from './refusal.ts';

export type Life<S extends string> = { readonly [From in S]: readonly S[] };

/** @throws Refusal `state.forbidden` when the life knows no such step. */
export function assertStep<S extends string>(life: Life<S>, from: S, to: S): void {
  if (!life[from].includes(to)) refuse('state.forbidden', '这一步现在不能办，请刷新后再看看它的状态。');
}
