/** 转人工, as far as the engine knows it: while two people talk through the bot every word goes on, and the bot keeps silent. */
import type { Tx } from '../db/db.ts';
import type { Catalogue } from './catalogue.ts';
import { understandText, type Command } from './understand.ts';

/** The intents that a module does this with. */
export type Relay = {
  /** Calls somebody; its slot `about` takes what was said so far. */
  readonly ask: string;
  /** Carries one message to the other side; its slot `words` takes it. */
  readonly carry: string;
  /** Sure words for these are not carried. */
  readonly beside: readonly string[];
  /** Everybody who talks with somebody now, on either side. */
  talking(tx: Tx, corp: string): Promise<ReadonlySet<string>>;
};

/** What is meant for the bot all the same: 助手 看需求. */
const TO_BOT = /^@?(?:党建)?助手(?:[，,：:\s]+|$)/u;
const PICTURE = '（发来一张图片，这里转不过去）';

/** The command of words that are carried on; undefined when they are meant for the bot. */
export function carried(text: string, catalogue: Catalogue, relay: Relay): Command | undefined {
  if (TO_BOT.test(text.trim())) return undefined;
  const command = understandText(text, {}, catalogue);
  if (command.do === 'start' && relay.beside.includes(command.intent)) return command;
  return { do: 'start', intent: relay.carry, said: { words: text.trim() || PICTURE } };
}

/** The words without the name that says they are for the bot. */
export function toBot(text: string): string {
  return text.trim().replace(TO_BOT, '');
}
