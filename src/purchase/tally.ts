import { countLines, type Tally } from '../bot/tally.ts';
import type { Tx } from '../db/db.ts';
import { countByState } from './store.ts';
import { PURCHASE_STATE } from './words.ts';

export async function tally(tx: Tx, corp: string): Promise<Tally> {
  return { figures: countLines('团购', '个', PURCHASE_STATE, await countByState(tx, corp)) };
}
