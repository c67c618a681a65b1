/**
 * exactly-once-kill, database-kill and redis-kill (design/bars.md, Reliability): mixed messages through both doors, of needs and of
 * the fund, each delivered one to four times until acknowledged, while the bot, Postgres or Redis is killed. What was acknowledged,
 * in its own words, is kept and compared with what is there.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createDelivery, noticeOf, type Acknowledged, type Door } from './delivery.ts';
import { copiesOf, createFundMix, fundPlace, type Asking, type Entry, type FundMix } from './fund-mix.ts';
import { createChance, openHouse, type Chance, type House, type Result, type Strike } from './house.ts';
import { CORP, many, type Copy, type Extra, type Services } from './world.ts';

type Options = {
  services: Pick<Services, 'postgres' | 'redis'>;
  strike: Strike;
  seed: number;
  messages: number;
  kills: number;
  log?: (words: string) => void;
};

/** How long a server is away, ms: less, or more, than a callback may take. */
const AWAY_MS = { least: 200, most: 6_000 };
/** How long before the run what takes days was begun, ms: longer than any 公示, shorter than money stays set aside. */
const AGO_MS = 21 * 24 * 3_600_000;
/** What people read when the bot has forgotten what they talk about: nothing of it had been confirmed. */
const FORGOTTEN = /没有正在[办填]的事|这张卡片不是您的|没听明白|不知道您说的是哪一条|这件事我请人来和您说/;

/** Four towns of three branches each, all like those of the demo world; C needs stand in the branch's library, B needs in the town's. */
const TOWNS = Array.from({ length: 4 }, (_, n) => `t${n}`);
const BRANCHES = TOWNS.flatMap((town) => [0, 1, 2].map((n) => ({ id: `${town}b${n}`, town })));
/** Each town has a fund, too. */
const PLACES = TOWNS.map(fundPlace);
const COPIES: readonly Copy[] = [
  ...TOWNS.map((id) => ({ id, like: 'town1' })),
  ...BRANCHES.map(({ id, town }) => ({ id, like: 'branch1', parent: town })),
  ...PLACES.flatMap(copiesOf),
];
/** Everybody's id begins with where they are. */
const AUTHORS = BRANCHES.flatMap(({ id }) => many(2, `${id}w`, '王', 'PARTY_MEMBER', id));
const CLAIMANTS = BRANCHES.flatMap(({ id }) => many(1, `${id}c`, '党', 'PARTY_MEMBER', id));
const SECRETARIES = BRANCHES.flatMap(({ id }) => many(3, `${id}s`, '书', 'PARTY_SECRETARY', id));
const OFFICERS = TOWNS.flatMap((id) => many(2, `${id}o`, '官', 'SUPERIOR_OFFICER', id));
const REVIEWERS = [...SECRETARIES, ...OFFICERS];
const reviewersOf = (library: string) =>
  REVIEWERS.filter(({ organisation }) => organisation === library).map(({ userId }) => userId);
/** Asks whether the bot answers again. */
const PROBE: Extra = { userId: 'probe', name: '问问', role: 'PARTY_MEMBER', organisation: BRANCHES[0]!.id };
/** The hotline's agent of the demo world. */
const AGENT = 'hotline.a';
/** Few enough that some are told that they have too many. */
const CLAIMS_EACH = 12;

type Need = {
  readonly no: string;
  readonly words: string;
  readonly author: string;
  readonly library: string;
  state: 'PENDING' | 'OPEN' | 'RETURNED' | 'CLAIMED';
  decider?: string;
  reason?: string;
  claimant?: string;
  /** Who said something about it of which nobody knew whether it was carried out. */
  maybe?: string[];
};
/** The subject of an answer that names none. */
const ANY = 'any';
type Noted = Entry & { readonly unsure: boolean };

export async function exactlyOnceKill({ services, strike, seed, messages, kills, log = () => {} }: Options): Promise<Result> {
  const ofFunds = PLACES.flatMap(({ cashiers, contacts, supervisors }) => [...cashiers, ...contacts, ...supervisors]);
  const house = await openHouse(services, [...REVIEWERS, ...AUTHORS, ...CLAIMANTS, ...ofFunds, PROBE], COPIES, AGO_MS);
  try {
    return await run(house, { strike, seed, messages, kills, log });
  } finally {
    await house.close();
  }
}

async function run(house: House, { strike, seed, messages, kills, log }: Required<Omit<Options, 'services'>>): Promise<Result> {
  const { db } = house;
  const losesTalk = strike === 'redis' || strike === 'flush';
  const delivery = createDelivery(house, losesTalk);
  const needs = new Map<string, Need>();
  const audit = new Map<string, Noted>();
  const defects: string[] = [];
  /** Conversations that ended in something done. */
  let talks = 0;
  const ended = () => void talks++;
  const startedAt = performance.now();
  await db.client.parameter.create({
    data: { id: 'claims', corp: CORP, key: 'demand.max_open_individual', value: CLAIMS_EACH, since: new Date(0) },
  });

  let broken = false;
  /** Of the messages those that prepared the run. */
  let before = 0;
  const sent = () => delivery.counts.messages - before;
  const isOver = () => broken || sent() >= messages;
  let forgotten = 0;
  const wrong = (userId: string, said: string, words: string) => {
    if (losesTalk && FORGOTTEN.test(words)) forgotten++;
    else defects.push(`wrong reply to ${userId}: ${said} → ${words.replaceAll('\n', ' / ').slice(0, 200)}`);
  };
  const doorOf = (chance: Chance): Door => (chance() < 0.5 ? 'bot' : 'app');
  const note = (answer: Acknowledged, entry: Entry) => void audit.set(answer.messageId, { ...entry, unsure: answer.unsure });

  const { press } = delivery;
  /** Twice not understood, and the agent is called: that is carried out too. */
  const say: typeof delivery.say = async (userId, text, door, chance) => {
    const answer = await delivery.say(userId, text, door, chance);
    const [called, again] = [answer.words.includes('这件事我请人来和您说'), answer.words.includes('已经在给您转人工了')];
    const more = (of: Map<string, number>) => void of.set(AGENT, (of.get(AGENT) ?? 0) + 1);
    if (called) more(delivery.apart);
    // The message before this one called, and nobody knew whether it had.
    if (again && answer.unsure) more(delivery.unheard);
    if (called || again)
      note(answer, { person: userId, intent: 'human.ask', subject: called ? '转人工' : null, outcome: 'done' });
    return answer;
  };

  const { cardCalled } = house;

  /** In words, or by the button of the card that asks for it. */
  async function confirm(userId: string, asked: Acknowledged, about: string, chance: Chance): Promise<Acknowledged | undefined> {
    const words = () => say(userId, '确认', doorOf(chance), chance);
    if (chance() < 0.5) return words();
    const card = asked.bubble?.card?.button_list?.some(({ text }) => text === '确认') ? asked.bubble : undefined;
    if (card) return press(userId, card, '确认', chance);
    // A card that could not be left for sending is said in words.
    if (asked.words.includes('可以回复：“确认”')) return words();
    wrong(userId, about, asked.words);
    return undefined;
  }

  async function ask(userId: string, no: string, { card, button, words, asks }: Asking, chance: Chance): Promise<void> {
    const before = delivery.arrived(userId).length;
    const asked = card ? await press(userId, card, button, chance) : await say(userId, words, doorOf(chance), chance);
    if (!asked.words.includes(asks)) return wrong(userId, words, asked.words);
    // A press is answered by its card; what it asks is asked in the chat as well (decision 14).
    if (card && !(await delivery.awaited(userId, before))) defects.push(`lost: the question to ${userId} about ${no}`);
  }

  // 报需求: asked in words, sometimes corrected, disturbed or cancelled, confirmed in words or by the button.
  async function author({ userId, organisation }: Extra, chance: Chance): Promise<void> {
    for (let n = 0; !isOver(); n++) {
      if (chance() < 0.1) await idle(userId, chance);
      const words = `${userId}第${n}次报的需求，要一次急救培训`;
      const door = doorOf(chance);
      let library = organisation;
      let asked = await say(userId, `我要报个需求：${words}`, door, chance);
      if (chance() < 0.2) {
        library = organisation.slice(0, 2);
        asked = await say(userId, '类别改成B', door, chance);
      }
      if (chance() < 0.1) asked = await say(userId, '嗯嗯啊啊', door, chance);
      if (chance() < 0.1) {
        const { words: cancelled } = await say(userId, '取消', doorOf(chance), chance);
        if (!cancelled.includes('已取消')) wrong(userId, '取消', cancelled);
        continue;
      }
      const answer = await confirm(userId, asked, `${door}, ${words}`, chance);
      if (!answer) continue;
      const no = /已建单 ([ABC]-\d{4}-\d{4,})/.exec(answer.words)?.[1];
      if (no === undefined || !answer.words.includes(words)) {
        wrong(userId, `确认 of ${words}`, answer.words);
        continue;
      }
      if (needs.has(no)) defects.push(`double: ${no} was given out twice`);
      needs.set(no, { no, words, author: userId, library, state: 'PENDING' });
      note(answer, { person: userId, intent: 'need.create', subject: no, outcome: 'done' });
      ended();
    }
  }

  // 通过 and 退回, of needs that others decide at the same time.
  async function reviewer(person: Extra, chance: Chance): Promise<void> {
    const { userId, organisation } = person;
    while (!isOver()) {
      if (await fund.review(person, chance)) continue;
      const need = chance.one(
        [...needs.values()].filter((each) => each.library === organisation && each.state === 'PENDING').slice(0, 3),
      );
      if (!need) {
        await wait(userId, chance);
        continue;
      }
      const { no } = need;
      const reason = `请写清楚${chance.below(1000)}`;
      const isReject = chance() < 0.3;
      const card = chance() < 0.5 ? cardCalled(userId, `请审核需求 ${no}`) : undefined;
      let answer: Acknowledged;
      let typed = false;
      if (!isReject) {
        answer = card ? await press(userId, card, '通过', chance) : await say(userId, `通过 ${no}`, doorOf(chance), chance);
      } else if (card || chance() < 0.3) {
        await ask(userId, no, { card, button: '退回', words: `退回 ${no}`, asks: '理由' }, chance);
        answer = await say(userId, reason, doorOf(chance), chance);
        typed = true;
      } else {
        answer = await say(userId, `退回 ${no}：${reason}`, doorOf(chance), chance);
      }
      const intent = isReject ? 'approval.reject' : 'approval.approve';
      if (answer.words.includes(isReject ? `${no} 已退回补正` : `${no} 已通过`)) {
        if (need.decider !== undefined) defects.push(`double: ${no} decided by ${need.decider} and ${userId}`);
        need.decider = userId;
        // A claim may be acknowledged before the decision it followed.
        if (need.state === 'PENDING') need.state = isReject ? 'RETURNED' : 'OPEN';
        if (isReject) need.reason = reason;
        note(answer, { person: userId, intent, subject: no, outcome: 'done' });
        if (typed) ended();
      } else if (new RegExp(`${no} 已由.+(?:审核通过|退回补正)。`).test(answer.words)) {
        if (/办好了/.test(answer.words)) wrong(userId, `refused ${intent} of ${no}`, answer.words);
        note(answer, { person: userId, intent, subject: no, outcome: 'need.decided' });
        if (answer.unsure) {
          (need.maybe ??= []).push(userId);
          if (need.state === 'PENDING') need.state = answer.words.includes('退回补正') ? 'RETURNED' : 'OPEN';
        }
      } else {
        wrong(userId, `${intent} ${no}`, answer.words);
      }
    }
  }

  // 认领: by number, or from the list by its button or its place.
  async function claimant(userId: string, chance: Chance): Promise<void> {
    while (!isOver()) {
      const open = [...needs.values()].filter((need) => need.state === 'OPEN');
      const chosen = chance.one(open.slice(0, 4))?.no;
      if (chosen === undefined || chance() < 0.1) {
        await wait(userId, chance);
        continue;
      }
      let answer: Acknowledged;
      const list = chance() < 0.5 ? await say(userId, '看需求', 'bot', chance) : undefined;
      const button = list?.bubble?.card?.button_list?.find(({ text }) => text === '认领1');
      let no = /number=([\w-]+)/.exec(button?.key ?? '')?.[1] ?? chosen;
      if (list?.bubble && button) {
        answer =
          chance() < 0.5 ? await press(userId, list.bubble, '认领1', chance) : await say(userId, '认领1', doorOf(chance), chance);
      } else {
        answer = await say(userId, `认领 ${no}`, doorOf(chance), chance);
      }
      // With memory lost between two deliveries of 看需求 the list is another one, and a place in it another need.
      if (losesTalk) no = /[ABC]-\d{4}-\d{4,}/.exec(answer.words)?.[0] ?? no;
      const entry = (outcome: string): Entry => ({ person: userId, intent: 'need.claim', subject: no, outcome });
      const need = needs.get(no);
      if (answer.words.includes(`您认领了 ${no}`)) {
        if (!need) defects.push(`double: ${no} was claimed but never acknowledged as opened`);
        else {
          if (need.claimant !== undefined) defects.push(`double: ${no} claimed by ${need.claimant} and ${userId}`);
          need.claimant = userId;
          need.state = 'CLAIMED';
        }
        note(answer, entry('done'));
      } else {
        const refusals: readonly [RegExp, string][] = [
          [/已由.+认领了/, 'need.claimed'],
          [/最多同时认领/, 'need.too-many'],
          [/您已经认领了/, 'need.yours'],
        ];
        const code = refusals.find(([pattern]) => pattern.test(answer.words))?.[1];
        if (code === undefined || /办好了/.test(answer.words)) wrong(userId, `认领 ${no}`, answer.words);
        // The list that was counted in is lost with the talk, and this answer names no need.
        const subject = losesTalk && !answer.words.includes(no) ? ANY : no;
        if (code !== undefined) note(answer, { ...entry(code), subject });
        if (code === 'need.yours' && answer.unsure && need && need.claimant === undefined) {
          need.claimant = userId;
          need.state = 'CLAIMED';
        }
      }
    }
  }

  /** What changes nothing. */
  async function idle(userId: string, chance: Chance): Promise<void> {
    await say(userId, chance.one(['看需求', '嗯嗯啊啊', '帮助', '看需求 B', '今天天气不错']), doorOf(chance), chance);
  }

  /** Whoever finds nothing to do. */
  async function wait(userId: string, chance: Chance): Promise<void> {
    if (chance() < 0.1) await idle(userId, chance);
    else await sleep(100);
  }

  const mix = { say, press, isOver, doorOf, cardCalled, confirm, ask, idle, wait, note, ended, wrong, losesTalk, defects };
  const fund = createFundMix(mix, PLACES, OFFICERS);

  /** From the return of what was struck to the first answer, ms. */
  let slowest = 0;
  // The kills come after so many messages, not after so many seconds: as many on a slow machine.
  async function killer(chance: Chance): Promise<void> {
    const moments = Array.from({ length: kills }, (_, n) => Math.floor(((n + 0.2 + 0.6 * chance()) / kills) * messages));
    for (const [n, moment] of moments.entries()) {
      while (sent() < moment) await sleep(5);
      await sleep(chance.below(40));
      await house.strike(strike, AWAY_MS.least + chance.below(AWAY_MS.most - AWAY_MS.least));
      const returnedAt = performance.now();
      await say(PROBE.userId, '看需求', 'bot', chance);
      slowest = Math.max(slowest, Math.round(performance.now() - returnedAt));
      log(`${strike} ${n + 1} of ${kills} at message ${sent()}, ${Math.round((performance.now() - startedAt) / 1000)} s`);
    }
  }

  const chances = createChance(seed);
  const fresh = () => createChance(chances.below(2 ** 32));
  await fund.prepare(fresh);
  await house.drained(60);
  await house.today();
  for (const until = performance.now() + 60_000; !fund.isPrepared(); await sleep(100))
    if (performance.now() > until) throw new Error('the public notices are not over');
  before = delivery.counts.messages;
  await Promise.all([
    killer(fresh()),
    ...AUTHORS.map((each) => author(each, fresh())),
    ...REVIEWERS.map((each) => reviewer(each, fresh())),
    ...CLAIMANTS.map(({ userId }) => claimant(userId, fresh())),
    ...fund.actors.map((act) => act(fresh())),
  ]).finally(() => (broken = true));
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const undelivered = await house.drained(240);
  if (undelivered > 0) defects.push(`stuck: ${undelivered} messages never left`);
  defects.push(...(await compare(house, { needs, fund, audit, talks, ...delivery })));
  defects.push(...delivery.defects.map((words) => words.replaceAll('\n', ' / ')));
  for (const [words, times] of house.errors) log(`logged ${times} ×: ${words}`);
  const done = [...audit.values()].filter(({ outcome }) => outcome === 'done').length;
  return {
    figures: {
      seed,
      ...delivery.counts,
      kills,
      answersAfterMs: slowest,
      forgotten,
      needs: needs.size,
      ...fund.figures(),
      done,
      refused: audit.size - done,
      seconds,
      defects: defects.length,
    },
    defects,
  };
}

type Model = {
  needs: ReadonlyMap<string, Need>;
  fund: FundMix;
  audit: ReadonlyMap<string, Noted>;
  talks: number;
  apart: ReadonlyMap<string, number>;
  unheard: ReadonlyMap<string, number>;
  inWords: ReadonlyMap<string, readonly string[]>;
  failed: ReadonlySet<string>;
  unsure: ReadonlySet<string>;
  unseen: ReadonlySet<string>;
};

/** What was acknowledged against what is there. */
async function compare(house: House, model: Model): Promise<string[]> {
  const defects: string[] = [];
  const expect = (what: string, found: unknown, expected: unknown) => {
    const [a, b] = [JSON.stringify(found), JSON.stringify(expected)];
    if (a !== b) defects.push(`${what}: ${a}, but acknowledged was ${b}`);
  };
  const { needs, fund, audit, talks, failed, unsure } = model;
  const { wecom } = house;
  const { client } = house.db;
  const people = new Map((await client.person.findMany({ where: { corp: CORP } })).map(({ id, userId }) => [id, userId]));
  const standings = new Map((await client.standing.findMany()).map(({ id, personId }) => [id, people.get(personId)]));

  const rows = await client.need.findMany({ where: { corp: CORP } });
  for (const row of rows) {
    const need = needs.get(row.no);
    if (!need) {
      const opened = await client.audit.findFirst({ where: { corp: CORP, intent: 'need.create', subject: row.no } });
      const message = opened?.messageId ?? '';
      const told = wecom.wire.flatMap(({ asked, answered }) =>
        asked.clear.includes(message) ? [answered.clear.slice(0, 200)] : [],
      );
      const same = [...needs.values()].filter(({ words }) => words === row.summary).map(({ no }) => no);
      defects.push(
        `double: need ${row.no} “${row.summary}” was never acknowledged, besides ${same.join()}; told: ${told.join(' | ')}`,
      );
      continue;
    }
    const decider = standings.get(row.deciderStandingId ?? '');
    if (need.decider === undefined && decider !== undefined && need.maybe?.includes(decider)) {
      need.decider = decider;
      if (row.returnReason !== null) need.reason = row.returnReason;
    }
    const found = [row.summary, people.get(row.authorId), row.state, decider, row.returnReason, people.get(row.claimantId ?? '')];
    expect(`need ${row.no}`, found, [need.words, need.author, need.state, need.decider, need.reason ?? null, need.claimant]);
  }
  for (const no of needs.keys()) if (!rows.some((row) => row.no === no)) defects.push(`lost: need ${no}`);
  await fund.compare(house.db, people, expect);
  // A run that was prepared in the year before counts in both.
  for (const { letter, _sum } of await client.counter.groupBy({ by: ['letter'], where: { corp: CORP }, _sum: { last: true } })) {
    const ofNeeds = [...needs.keys()].filter((no) => no.startsWith(letter)).length;
    expect(`counter ${letter}`, _sum.last, ofNeeds + fund.given(letter));
  }

  const seen = new Set<string>();
  const unsureRows = new Set<string>();
  for (const row of await client.audit.findMany({ where: { corp: CORP, channel: { not: 'timer' } } })) {
    const messageId = row.messageId ?? '';
    const found = { person: people.get(row.personId ?? ''), intent: row.intent, subject: row.subject, outcome: row.outcome };
    if (seen.has(messageId)) defects.push(`double: two audit rows of one message: ${JSON.stringify(found)}`);
    seen.add(messageId);
    if (unsure.has(messageId)) unsureRows.add(JSON.stringify(found));
    else if (failed.has(messageId)) defects.push(`told that nothing was saved, and it was: ${JSON.stringify(found)}`);
    else if (!audit.has(messageId)) defects.push(`double: audit row of nothing acknowledged: ${JSON.stringify(found)}`);
    else {
      const noted = audit.get(messageId);
      const subject = noted?.subject === ANY ? ANY : found.subject;
      expect(`audit of ${messageId}`, { ...found, subject, unsure: noted?.unsure }, noted);
    }
  }
  for (const [messageId, { unsure: wasUnsure, ...entry }] of audit) {
    if (seen.has(messageId) || (wasUnsure && unsureRows.has(JSON.stringify(entry)))) continue;
    defects.push(`lost: audit row of ${JSON.stringify(entry)}`);
  }

  const receipts = await client.receipt.findMany({ where: { corp: CORP } });
  // A message that was told of a failure leaves that.
  const isFailed = (reply: unknown) => (reply as { kind?: unknown } | null)?.kind === 'failed';
  const keys = new Set(receipts.filter(({ reply }) => !isFailed(reply)).map(({ key }) => key));
  expect('receipts of messages', [...keys].filter((key) => key.startsWith('m:')).length, seen.size);
  // A conversation whose end nobody was sure of has a receipt too.
  const ended = [...keys].filter((key) => key.startsWith('t:')).length;
  if (ended < talks || ended > talks + unsure.size) expect('receipts of conversations', ended, talks);
  expect('receipts without a reply', receipts.filter(({ reply }) => reply === null).length, 0);

  const jobs = await client.job.findMany({ where: { corp: CORP } });
  const dead = jobs.filter(({ deadAt }) => deadAt !== null);
  defects.push(...dead.map(({ name, lastError }) => `dead letter: ${name} ${lastError}`));
  expect('timers waiting', jobs.filter(({ name }) => name === 'need.remind-reviewers').length, needs.size);

  const sent = await client.sentCard.findMany({ where: { corp: CORP }, select: { taskId: true } });
  defects.push(...inboxes(house, model, new Set(sent.map(({ taskId }) => taskId))));
  defects.push(...(await house.checks()));
  // A change of a card that was on its way when the bot was killed is made again.
  // Of deliveries that were answered differently those that were told of a failure first are fine; the delivery itself has compared the others.
  const violations = wecom.violations.filter(({ words }) => !/^42014 response_code 已经用过|^同一条消息重发后/.test(words));
  defects.push(...violations.map(({ where, words }) => `violation at ${where}: ${words}`));
  return defects;
}

/**
 * What the simulated WeCom was sent: each card and each notice once, and no card of a decided need can still be pressed.
 * @param known cards that the bot knows it sent. Of one that WeCom took while its answer was lost nobody knows the code, for a copy
 * is suppressed and brings none (protocol U.21): whoever presses it is told then.
 */
function inboxes(
  { wecom, arrivals, unanswered, orphaned }: House,
  { needs, fund, apart, unheard, inWords, unseen }: Model,
  known: ReadonlySet<string>,
): string[] {
  const defects: string[] = [];
  let unknown = 0;
  const times = new Map<string, number>();
  const add = (what: string) => times.set(what, (times.get(what) ?? 0) + 1);

  for (const { id: userId } of wecom.directory.users) {
    const cards = new Map(wecom.bubbles(userId, 'app').map((bubble) => [bubble.taskId, bubble.card]));
    const answers: string[] = [];
    for (const { words, taskId = '', again } of arrivals.get(userId) ?? []) {
      const notice = noticeOf(words);
      // How many wait is told at most once an hour; it belongs to no message.
      if (notice === 'waiting') continue;
      const no = /[ABCDF]-\d{4}-\d{4,}/.exec(words)?.[0] ?? '';
      const isOver = again || !known.has(taskId) || unseen.has(taskId) || cards.get(taskId)?.replace_text !== undefined;
      const isCard = notice === 'card' || notice === 'final' || notice === 'pay';
      if (isCard && !again && !known.has(taskId) && !orphaned.has(taskId)) unknown++;
      if (notice === undefined) answers.push(words.slice(0, 60));
      else add(`${notice} ${no} ${userId}`);
      if (isCard && !isOver && (needs.get(no)?.decider !== undefined || fund.isClosed(notice, no)))
        defects.push(`stuck: the card of ${no} can still be pressed by ${userId}`);
    }
    const asked = apart.get(userId) ?? 0;
    const isSaid = (card: string) => inWords.get(userId)?.some((words) => words.includes(card.split('\n')[1] ?? card)) ?? false;
    const most = asked + (unheard.get(userId) ?? 0) + answers.filter(isSaid).length;
    if (answers.length < asked || answers.length > most)
      defects.push(
        `${answers.length < asked ? 'lost' : 'double'}: ${asked} to ${most} answers were to come to ${userId}, not ${answers.join(' | ')}`,
      );
  }
  if (unknown > unanswered())
    defects.push(`lost: the codes of ${unknown} cards, and only ${unanswered()} calls were not answered`);
  const once = (what: string) => {
    const found = times.get(what) ?? 0;
    times.delete(what);
    if (found !== 1) defects.push(`${found === 0 ? 'lost' : 'double'}: ${found} × ${what}`);
  };
  for (const { no, author, library, decider, claimant } of needs.values()) {
    for (const reviewer of reviewersOf(library)) {
      // A card that was still waiting when the need was decided is withdrawn.
      if (decider === undefined || times.has(`card ${no} ${reviewer}`)) once(`card ${no} ${reviewer}`);
    }
    if (decider !== undefined) once(`decided ${no} ${author}`);
    if (claimant !== undefined)
      for (const each of new Set([author, decider ?? ''])) if (each !== claimant) once(`claimed ${no} ${each}`);
  }
  for (const { what, maybeWithdrawn } of fund.dues()) if (!maybeWithdrawn || times.has(what)) once(what);
  for (const [what, found] of times) defects.push(`double: ${found} × ${what}, which nothing called for`);
  return defects;
}
