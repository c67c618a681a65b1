/**
 * How well the router hears, and what one more phrase changes:
 * `npm run phrases -- misses [DAY]` lists the sentences of that day, or of yesterday, that nothing was made of;
 * `npm run phrases -- add INTENT "sentence"` teaches a sentence; `npm run phrases -- report` writes docs/nlu-report.md.
 */
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { loadConfig } from '../src/config.ts';
import { openDb } from '../src/db/db.ts';
import { missesOf } from '../src/db/misses.ts';
import { at, dayOf, plusDays, timeOf } from '../src/kernel/calendar.ts';
import { createVault } from '../src/kernel/vault.ts';
import { mask } from '../src/llm/mask.ts';
import { ACT, ACT_ON_RISK, DIRECTIONS, OFFER, OUT_OF_SCOPE } from '../src/nlu/router.ts';
import { crossValidate, type Heard } from '../src/nlu/router-check.ts';
import { PHRASES, readPhrases } from '../src/nlu/router-phrases.ts';

const BANDS = [0, 0.15, 0.3, 0.45, 0.6, 0.7, 0.8, 0.9, 1.01];

export const REPORT = new URL('../docs/nlu-report.md', import.meta.url);

const best = ({ route }: Heard) => route.candidates[0]?.intent;
const isExecuted = ({ route }: Heard) => route.action === 'exec';
const isInScope = ({ intent }: Heard) => intent !== OUT_OF_SCOPE;
const isWrong = (heard: Heard) => isExecuted(heard) && best(heard) !== heard.intent;

/** Taken at once, or one of the three offered; out of scope: declined. */
function isReached(heard: Heard): boolean {
  const { action, candidates } = heard.route;
  return candidates.slice(0, action === 'menu' ? 3 : 1).some(({ intent }) => intent === heard.intent);
}

/** Place of the right intent among those in scope, from 0. */
function placeOf({ intent, ranked }: Heard): number {
  return ranked.filter((candidate) => candidate.intent !== OUT_OF_SCOPE).findIndex((candidate) => candidate.intent === intent);
}

export function report(heard: readonly Heard[]): string {
  const inScope = heard.filter(isInScope);
  const outside = heard.filter((one) => !isInScope(one));
  const intents = [...new Set(heard.map(({ intent }) => intent))].toSorted();
  const rows = intents.map((intent) => {
    const own = heard.filter((one) => one.intent === intent);
    const named = heard.filter(({ ranked }) => ranked[0]?.intent === intent);
    const right = share(own, ({ ranked }) => ranked[0]?.intent === intent);
    const precision = share(named, (one) => one.intent === intent);
    const f1 = (2 * precision * right) / (precision + right || 1);
    return [intent, own.length, ...[precision, right, f1, share(own, isReached), share(own, isWrong)].map(percent)];
  });
  const confusions = new Map<string, number>();
  for (const one of inScope) {
    const other = one.ranked.find(({ intent }) => intent !== OUT_OF_SCOPE)?.intent ?? '';
    if (other !== one.intent) confusions.set(`${one.intent} → ${other}`, (confusions.get(`${one.intent} → ${other}`) ?? 0) + 1);
  }
  return `# Understanding without a model

Written by \`npm run phrases -- report\`; a test compares it. Five-fold cross-validation of prompts/phrases **by phrasing**: phrases of an intent that share 40 % of their pairs of characters are kept in one fold, so no sentence here was heard by a router that knew one like it. Sentences of templates are trained on and not counted. Each router lacks a fifth of the phrases, and whole turns of speech with them.

## In all

${table(
  ['measure', 'share'],
  [
    [`in scope: the right intent first (of ${inScope.length})`, percent(share(inScope, (one) => placeOf(one) === 0))],
    ['the right intent named: first, and not declined', percent(share(inScope, (one) => best(one) === one.intent))],
    ['the right intent among the first three', percent(share(inScope, (one) => placeOf(one) < 3))],
    ['reachable in one tap or none', percent(share(inScope, isReached))],
    ['executed', percent(share(inScope, isExecuted))],
    ['wrongly executed', percent(share(inScope, isWrong))],
    [`out of scope: executed (of ${outside.length})`, percent(share(outside, isExecuted))],
    ['out of scope: declined without a menu', percent(share(outside, isReached))],
  ],
)}

## Thresholds
Executed from ${ACT}, from ${ACT_ON_RISK} for money, approvals, objections and purchases; offered from ${OFFER}. With one threshold for all:

${table(
  ['from', 'in scope executed', 'wrongly executed', 'out of scope executed'],
  [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9].map((from) => {
    const first = ({ ranked }: Heard) => ranked.find(({ intent }) => intent !== OUT_OF_SCOPE);
    const isTaken = (one: Heard) => (first(one)?.confidence ?? 0) >= from;
    const isMistaken = (one: Heard) => isTaken(one) && first(one)?.intent !== one.intent;
    return [from, ...[share(inScope, isTaken), share(inScope, isMistaken), share(outside, isTaken)].map(percent)];
  }),
)}

## How true the confidence is
Of the first intent in scope, by what the router says of it.

${table(
  ['said', 'sentences', 'mean confidence', 'right'],
  BANDS.slice(1).map((to, i) => {
    const from = BANDS[i] ?? 0;
    const sure = ({ ranked }: Heard) => ranked.find(({ intent }) => intent !== OUT_OF_SCOPE)?.confidence ?? 0;
    const band = heard.filter((one) => sure(one) >= from && sure(one) < to);
    const mean = band.reduce((sum, one) => sum + sure(one), 0) / (band.length || 1);
    return [`${from} – ${Math.min(to, 1)}`, band.length, percent(mean), percent(share(band, (one) => placeOf(one) === 0))];
  }),
)}

## Each intent

${table(['intent', 'phrases', 'precision', 'recall', 'F1', 'reachable', 'wrongly executed'], rows)}

## Taken for one another most often

${table(
  ['said → heard', 'sentences', ''],
  [...confusions]
    .toSorted(([one, n], [other, m]) => m - n || (one < other ? -1 : 1))
    .slice(0, 15)
    .map(([pair, count]) => [
      pair,
      count,
      DIRECTIONS.some((two) => two.join(' → ') === pair || two.toReversed().join(' → ') === pair) ? 'direction' : '',
    ]),
)}
`;
}

function share(all: readonly Heard[], is: (one: Heard) => boolean): number {
  return all.length === 0 ? 0 : all.filter(is).length / all.length;
}

function percent(of: number): string {
  return `${(100 * of).toFixed(1)} %`;
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** Appends the sentence as it stands; @throws Error when there is no such intent or the sentence is known */
function add(intent: string, words: string): void {
  const file = new URL(`${intent}.txt`, PHRASES);
  if (!existsSync(file)) throw new Error(`no such intent: ${intent}`);
  const known = readPhrases().find(({ said, template }) => !template && said[0] === words);
  if (known) throw new Error(`already a phrase of ${known.intent}`);
  appendFileSync(file, `${words.replace(/[\\()[\]{}#]/g, String.raw`\$&`).replaceAll('\n', ' ')}\n`);
}

/** Numbers are hidden: what is taught becomes part of the project. @throws Error when the day is none */
async function listMisses(day: string): Promise<void> {
  const { databaseUrl: url, dataKey } = loadConfig(process.env);
  if (!url) throw new Error('没有配置 DATABASE_URL：内嵌数据库只能由正在运行的党建助手打开。');
  const db = await openDb({ url });
  try {
    const vault = createVault(dataKey);
    const misses = await missesOf(db.client, at(day, '00:00'), at(plusDays(day, 1), '00:00'));
    for (const { at: moment, heard, sealed } of misses)
      console.log(`${timeOf(moment)}\t${heard.join(' ') || '-'}\t${mask(vault.open(sealed), []).words.replaceAll('\n', ' ')}`);
    console.log(misses.length === 0 ? `${day} 没有没听懂的话。` : `${day} 没听懂 ${misses.length} 句。`);
  } finally {
    await db.close();
  }
}

function printChanges(before: readonly Heard[], after: readonly Heard[]): void {
  const earlier = new Map(before.map((heard) => [heard.words, heard]));
  for (const heard of after) {
    const was = earlier.get(heard.words);
    const label = was
      ? isReached(was) === isReached(heard) && isWrong(was) === isWrong(heard)
        ? undefined
        : isReached(heard) && !isWrong(heard)
          ? 'better'
          : 'worse'
      : 'new';
    if (label)
      console.log(
        `${label}\t${heard.intent}\t${heard.words}\t${was ? `${was.route.action} ${best(was)} → ` : ''}${heard.route.action} ${best(heard)}`,
      );
  }
}

if (process.argv[1] === import.meta.filename) {
  const [task, intent, words] = process.argv.slice(2);
  if (task === 'report') {
    const text = report(crossValidate(readPhrases()));
    mkdirSync(new URL('.', REPORT), { recursive: true });
    writeFileSync(REPORT, text);
    console.log(text);
  } else if (task === 'add' && intent && words) {
    const before = crossValidate(readPhrases());
    add(intent, words);
    printChanges(before, crossValidate(readPhrases()));
  } else if (task === 'misses') {
    await listMisses(intent ?? plusDays(dayOf(new Date()), -1));
  } else {
    throw new Error('usage: npm run phrases -- misses [YYYY-MM-DD] | add INTENT "sentence" | report');
  }
}
