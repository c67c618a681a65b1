/** Reads one `{"text": "…"}` a line and prints what the offline router makes of it: `--file IN.jsonl [--roster ROSTER.json] [--now ISO]`. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { readSlots } from '../src/nlu/read/slots.ts';
import { createRouter } from '../src/nlu/router.ts';

const { file, roster, now } = parseArgs({
  options: { file: { type: 'string' }, roster: { type: 'string' }, now: { type: 'string' } },
}).values;
if (!file) throw new Error('usage: npm run -s understand -- --file IN.jsonl [--roster ROSTER.json] [--now ISO]');

const options = {
  now: now ? new Date(z.iso.datetime({ offset: true }).parse(now)) : new Date(),
  roster: roster ? z.array(z.string()).parse(JSON.parse(readFileSync(roster, 'utf8'))) : [],
};
const Line = z.object({ text: z.string() });
const router = createRouter();

for (const line of readFileSync(file, 'utf8').split('\n')) {
  if (line.trim() === '') continue;
  const { text } = Line.parse(JSON.parse(line));
  const { candidates, action } = router.route(text);
  const { intent, confidence } = candidates[0] ?? { intent: 'out_of_scope', confidence: 0 };
  console.log(
    JSON.stringify({
      text,
      intent,
      confidence: Number(confidence.toFixed(4)),
      candidates: candidates.slice(0, 3).map((candidate) => candidate.intent),
      action,
      slots: readSlots(text, intent, options),
    }),
  );
}
