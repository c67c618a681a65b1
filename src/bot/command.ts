/** What came in → a command: a press with what was picked before it, or words with the number of the message they quote. */
import type { Catalogue } from './catalogue.ts';
import type { Incoming, Picked } from './bot.ts';
import type { Hearing } from './hearing.ts';
import type { Session } from './session.ts';
import { readTap, writeTap } from './tap.ts';
import { understandTap, understandText, type Command } from './understand.ts';

export function commandOf(incoming: Incoming, session: Session, catalogue: Catalogue, hearing?: Hearing): Command {
  if ('tap' in incoming) return understandTap(withPicked(incoming.tap, incoming.picked));
  if (incoming.file) return { do: 'start', intent: catalogue.intents.find(({ takesFile }) => takesFile)?.name ?? '', said: {} };
  const { text, quoted } = incoming;
  const command = understandText(text, session, catalogue, hearing);
  if (quoted === undefined) return command;
  if (command.do === 'start') {
    const wantsNumber = 'number' in (catalogue.find(command.intent)?.slots ?? {});
    return wantsNumber ? { ...command, said: { number: quoted, ...command.said } } : command;
  }
  if (command.do !== 'lost' && command.do !== 'answer' && text.trim() !== '') return command;
  // 到哪了, and 退回：写清楚 with the number where people put it.
  for (const words of [`${quoted} ${text}`, text.trim().replace(/^[^\s：:，,]+/u, `$& ${quoted}`)]) {
    const about = understandText(words, session, catalogue);
    if (about.do === 'start') return about;
  }
  return command;
}

/** An intent gets every pick as a slot said; a step in a conversation the pick of its own slot. */
function withPicked(key: string, picked: Picked = {}): string {
  const tap = readTap(key);
  const words = Object.fromEntries(Object.entries(picked).map(([slot, chosen]) => [slot, chosen.join('、')]));
  if (tap && 'intent' in tap) return writeTap({ ...tap, said: { ...tap.said, ...words } });
  const say = tap && 'slot' in tap ? words[tap.slot] : undefined;
  return tap && 'slot' in tap && say !== undefined ? writeTap({ ...tap, say }) : key;
}
