import { countLines, type Tally } from '../bot/tally.ts';
import type { Tx } from '../db/db.ts';
import { countAllCalls } from './hotline/store.ts';
import { countByState } from './store.ts';
import { NEED_STATE } from './words.ts';

export async function tally(tx: Tx, corp: string): Promise<Tally> {
  const [needs, calls] = [await countByState(tx, corp), await countAllCalls(tx, corp)];
  return { figures: [...countLines('需求', '条', NEED_STATE, needs), ...(calls === 0 ? [] : [`热线来电 ${calls}次`])] };
}
