/** 季度检查, pure: which needs, which verdict (rules.md 1.5). */
import { createHash } from 'node:crypto';
import { refuse } from '../../kernel/refusal.ts';
import { CHECK, CHECKS, POINTS, VERDICT, type Verdict } from './words.ts';

/** One C need that may be drawn. `isNew`: never inspected before, so it weighs double. */
export type Candidate = { readonly no: string; readonly organisation: string; readonly isNew: boolean };

/** max(share of all, one an organisation, the least), and never more than there are. */
export function sampleSize(population: readonly Candidate[], { share, least }: { share: number; least: number }): number {
  const organisations = new Set(population.map(({ organisation }) => organisation)).size;
  return Math.min(population.length, Math.max(Math.ceil((population.length * share) / 100), organisations, least));
}

/**
 * The numbers drawn, in the order of the alphabet: the same for the same seed and population, in whatever order that comes.
 * Weighted without replacement (Efraimidis and Spirakis 2006): each candidate's key is u^(1/w) with u from the seed and
 * its number; each organisation's best comes first, then the best of the rest.
 */
export function drawSample(seed: string, population: readonly Candidate[], size: number): string[] {
  const ranked = population
    .map((candidate) => ({ ...candidate, key: Math.log(uniform(seed, candidate.no)) / (candidate.isNew ? 2 : 1) }))
    .sort((a, b) => b.key - a.key || (a.no < b.no ? -1 : 1));
  const seen = new Set<string>();
  const first = ranked.filter(({ organisation }) => !seen.has(organisation) && seen.add(organisation));
  const rest = ranked.filter((candidate) => !first.includes(candidate));
  return [...first, ...rest]
    .slice(0, size)
    .map(({ no }) => no)
    .sort();
}

/** In (0, 1), from the first six bytes of a hash. */
function uniform(seed: string, no: string): number {
  const bytes = createHash('sha256').update(`${seed}:${no}`).digest();
  return (bytes.readUIntBE(0, 6) + 1) / (2 ** 48 + 2);
}

/** `points`: of the five checks, in their order, where they were given one by one. */
export type Result = { readonly score: number; readonly verdict?: Verdict; readonly points?: readonly number[] };

const VERDICT_WORDS: Readonly<Record<string, Verdict>> = { 好: 'GOOD', 良好: 'GOOD', 一般: 'FAIR', 中: 'FAIR', 差: 'POOR' };
const RESULT =
  /^(?<verdict>良好|好|一般|中|差)?\s*[：:，, ]?\s*(?<numbers>\d{1,3}(?:\s*分)?(?:[\s,，、+]+\d{1,3}(?:\s*分)?)*)?\s*(?<late>良好|好|一般|中|差)?$/u;

/** 好 95 · 95 · 18 20 19 18 20. @throws Refusal */
export function readResult(words: string): Result {
  const { verdict: early, numbers, late } = RESULT.exec(words.normalize('NFKC').trim())?.groups ?? {};
  const said = early ?? late;
  const verdict = said === undefined ? undefined : VERDICT_WORDS[said];
  const given = (numbers?.match(/\d+/gu) ?? []).map(Number);
  if (said === undefined && given.length === 0)
    return refuse(
      'inspection.form',
      `没看懂“${words.slice(0, 20)}”。请说结论和分数，如“好 95”，或五项的分数，如“18 20 19 18 20”。`,
    );
  if (given.length === 0)
    return refuse('inspection.no-score', '还缺分数，满分100分。请说“好 95”，或五项的分数，如“18 20 19 18 20”。');
  if (given.length !== 1 && given.length !== CHECKS.length)
    return refuse(
      'inspection.count',
      `要么说一个总分，要么按${Object.values(CHECK).join('、')}的顺序说五个分数，您说了${given.length}个。`,
    );
  const most = given.length === 1 ? POINTS * CHECKS.length : POINTS;
  const over = given.find((points) => points > most);
  if (over !== undefined)
    refuse('inspection.over', `${given.length === 1 ? '总分满分100分' : '每一项满分20分'}，您说了${over}分。`);
  const score = given.reduce((sum, points) => sum + points, 0);
  return { score, ...(verdict ? { verdict } : {}), ...(given.length > 1 ? { points: given } : {}) };
}

export type Lines = { readonly goodFrom: number; readonly poorBelow: number };

/** By the score; said in words it has to be the same. @throws Refusal */
export function verdictOf({ score, verdict }: Result, { goodFrom, poorBelow }: Lines): Verdict {
  const found: Verdict = score < poorBelow ? 'POOR' : score >= goodFrom ? 'GOOD' : 'FAIR';
  if (verdict !== undefined && verdict !== found)
    refuse(
      'inspection.contradiction',
      `${score}分按规定是“${VERDICT[found]}”（${goodFrom}分起为好，不到${poorBelow}分为差），您说的是“${VERDICT[verdict]}”。请核对分数再说一遍。`,
    );
  return found;
}

/** 需求真实 18，进度 20…; what is weakest first, for the reason of a 整改. */
export function weakest(points: readonly number[]): string {
  return CHECKS.map((check, i) => ({ check, points: points[i] ?? 0 }))
    .filter((each) => each.points < POINTS * 0.6)
    .sort((a, b) => a.points - b.points)
    .map((each) => `${CHECK[each.check]}只有${each.points}分`)
    .join('，');
}
