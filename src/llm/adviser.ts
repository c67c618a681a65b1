/** The model as the conversation engine asks it: with intents as declared, for advice and for drafts. */
import type { Adviser } from '../bot/hearing.ts';
import { offer, type Model } from './model.ts';

export function createAdviser(model: Model): Adviser {
  return {
    advise: ({ words, offered, open, names }) =>
      model.choose({
        words,
        names,
        offered: offered.map(offer),
        ...(open ? { open: { intent: open.intent.name, asking: open.asking, slots: offer(open.intent).slots } } : {}),
      }),
    draft: ({ words, intent, names }) => model.draft(words, offer(intent).slots, names),
  };
}
