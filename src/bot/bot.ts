/** One message is one unit of work: who, what, one transaction, one answer. */
import { refuse, Refusal, Unavailable } from '../kernel/refusal.ts';
import type { Db, Tx } from '../db/db.ts';
import { claimReceipts, findReply, leaveTraces, settledReply, type AuditEntry } from '../db/work.ts';
import { readTogether } from '../db/read-together.ts';
import { noteMiss } from '../db/misses.ts';
import { enqueueJobs, finishJob, type JobRow } from '../db/jobs.ts';
import { nextAt, timeOf } from '../kernel/calendar.ts';
import { incidentNumber } from '../kernel/ids.ts';
import type { Json } from '../kernel/json.ts';
import type { Log } from '../kernel/log.ts';
import type { Router } from '../nlu/router.ts';
import type { Vault } from '../kernel/vault.ts';
import type { State } from '../state/state.ts';
import { SYSTEM, type Actor, type People, type Person, type Standing } from './actor.ts';
import type { Catalogue } from './catalogue.ts';
import { commandOf } from './command.ts';
import { drafted } from './drafting.ts';
import { advised, type Adviser } from './hearing.ts';
import {
  EVERY,
  openWork,
  queueTo,
  SEND,
  SEND_FILE,
  type Arrange,
  type Ctx,
  type FileNotice,
  type Job,
  type Notice,
  type Place,
  type Traces,
} from './ctx.ts';
import { confirmAgain, openQuestion, step, type SayKind, type Step } from './dialogue.ts';
import type { World } from './questions.ts';
import { CARD, type Message, type Reply } from './reply.ts';
import { numberIn } from './slots/number.ts';
import { carried, toBot } from './relay.ts';
import { keepTalks, keptTalks } from './keeping.ts';
import { DRAFTS, putAside, rested, type Session } from './session.ts';
import { followedBy, together } from './several.ts';
import type { Command } from './understand.ts';
import { undoOf, withUndo } from './undo.ts';
import type { Hint, Intent } from './intent.ts';

/** What any door can bring in, and all the bot sees of it. */
export type Incoming = {
  /** Unique to the message; a repeat has the same one. */
  readonly id: string;
  readonly from: string;
  readonly chat: { readonly kind: Place; readonly id: string };
  /** For the audit row: which door and kind of chat. */
  readonly channel: string;
  /** The card pressed. */
  readonly card?: string;
  /** The number in the message it quotes: what 认领 or 到哪了 means without one. */
  readonly quoted?: string;
  /** Pictures that came with it, by the names they are kept under. */
  readonly photos?: readonly string[];
  /** A file that came instead of words. @see Bot.wantsFile */
  readonly file?: Uint8Array;
} & ({ readonly text: string } | { readonly tap: string; readonly picked?: Picked });

/** What was chosen on the card before the press: slot → words. */
export type Picked = Readonly<Record<string, readonly string[]>>;

/** `done`: something was carried out. `failed`: our fault, nothing saved. The rest as in SayKind. */
export type Answer = {
  readonly message: Message;
  readonly kind: SayKind | 'done' | 'failed';
  /** A pressed card changes for everybody who sees it: the presser's own matter is over. Otherwise only the presser sees it. */
  readonly shared?: true;
  /** A file follows in the person's own chat with the app. */
  readonly file?: true;
};

/** How far a message is: waiting for an earlier one, finding out who speaks, reading, or writing. */
export type Stage = 'turn' | 'who' | 'read' | 'write';

export type Bot = {
  readonly corp: string;
  handle(incoming: Incoming, reached?: (stage: Stage) => void): Promise<Answer>;
  /** Whether a file from this person is worth fetching. */
  wantsFile(userId: string): Promise<boolean>;
  /** What a message that wrote something was answered, by the message's id. */
  recall(id: string): Promise<Answer | undefined>;
  /** The same, once and for all: where nothing is written by now, nothing will be, and it is answered `otherwise`. */
  settle(id: string, otherwise: Answer): Promise<Answer>;
  /** Carries out a leased timer in a unit of work of its own; false when the lease was lost. @throws when it failed. */
  readonly runJob: (job: JobRow, lease: string) => Promise<boolean>;
};

export type Hearer = Router | Promise<Router | undefined> | undefined;

export type BotOptions = {
  corp: string;
  /** The name people @. */
  name: string;
  db: Db;
  state: State;
  people: People;
  vault: Vault;
  catalogue: Catalogue;
  /** Hears free words; a promise while it learns, undefined when it cannot. */
  router: () => Hearer;
  /** A language model, where one is configured. */
  adviser?: Adviser | undefined;
  jobs: readonly Job<Json>[];
  arrange: Arrange;
  /** Where pages are served; asked when somebody is told of one. */
  pages?: (() => string) | undefined;
  log: Log;
  clock: () => Date;
  id: () => string;
  /** Called after a commit that left something to send or to do. */
  committed: () => void;
  /** A message came once more, under whatever envelope, and got the answer it had. */
  repeated: () => void;
};

/** A session and its drafts live this long after the last word; the reply a repeat gets from memory far longer than any repeat comes. */
const SESSION_MS = 24 * 3_600_000;
const ANSWER_MS = 30 * 60_000;
/** One conversation handles one message at a time; a killed process holds it for `ttlMs` more. A press has to be answered within 5 s (protocol A.6), words need not. */
const TURN = { ttlMs: 2_500, waitMs: 20_000 };
const PRESS_WAIT_MS = 4_000;
/** How long words stand in line at the database: theirs is no answer of 5 s, and whoever gave up would lose what was said. */
const WORDS_WAIT_MS = 20_000;
/** Pictures that wait for the matter they belong to. */
const PHOTOS = 9;
const PHOTO_ALONE = '图片收到了。请再用一句话说说是什么事。说“帮助”看我能做什么。';

/** What is kept in place of an answer that is secret. */
const SAID_ONCE: Answer = { message: { text: '这条内容只显示一次，要再看请重新说一遍。' }, kind: 'info' };

const NOT_ON_ROSTER =
  '您还不在党建助手的名册里，所以现在什么都办不了。请联系您单位的党支部书记，或所在镇街的两新党建工作人员登记，登记后马上能用。';

export function createBot(options: BotOptions): Bot {
  const { corp, db, state, people, vault, catalogue, arrange, log, clock, id } = options;
  const jobs = new Map(options.jobs.map((job) => [job.name, job]));
  const talking = readTogether(async () => catalogue.relay?.talking(db.client, corp) ?? new Set<string>());
  const open = (frame: Omit<Parameters<typeof openWork>[0], 'corp' | 'id' | 'vault' | 'pages'>) =>
    openWork({ ...frame, corp, id, vault, pages: options.pages?.() });

  async function handle(incoming: Incoming, reached: (stage: Stage) => void = () => {}): Promise<Answer> {
    const now = clock();
    const trail: Trail = { message: incoming.id, channel: incoming.channel };
    let answer: Answer;
    try {
      answer = await converse(incoming, incoming.chat.kind, now, trail, reached);
    } catch (error) {
      answer = await failure(error, trail, [messageKey(incoming.id)]);
    }
    log.info({ ...trail, kind: answer.kind, ms: clock().getTime() - now.getTime() }, 'message');
    return answer;
  }

  /** One turn in one session, under its lock. */
  function converse(
    incoming: Incoming,
    place: Place,
    now: Date,
    trail: Trail,
    reached: (stage: Stage) => void = () => {},
  ): Promise<Answer> {
    const user = incoming.from.toLowerCase();
    const sessionKey = place === 'group' ? `session:${corp}:${incoming.chat.id}:${user}` : `session:${corp}:${user}`;
    const answerKey = `answer:${sessionKey}:${incoming.id}`;
    const turn = 'tap' in incoming ? { ...TURN, waitMs: PRESS_WAIT_MS } : TURN;
    reached('turn');
    return state.lock(`turn:${sessionKey}`, turn, async () => {
      const repeat = await state.get(answerKey);
      if (repeat !== undefined) {
        options.repeated();
        return JSON.parse(repeat) as Answer;
      }

      reached('who');
      const saved = await state.get(sessionKey);
      const { ended, ...before } = saved === undefined ? {} : (JSON.parse(saved) as Session);
      const remembered = withPhotos(rested(before, now), incoming.photos);
      const person = await people.find(incoming.from, now);
      if (!person) return { message: { text: NOT_ON_ROSTER }, kind: 'refused' };
      trail.who = person.id;

      const carries = await relayed(incoming, person, place);
      const meant = carries === false || !('text' in incoming) ? incoming : { ...incoming, text: toBot(incoming.text) };
      const learning = options.router();
      // Sure signs are answered while the router learns; all else waits for it.
      const session = await withKept(commandOf(meant, remembered, catalogue), remembered, person, place);
      const isSure = () => carries || commandOf(meant, session, catalogue).do !== 'lost';
      const router = !(learning instanceof Promise) ? learning : isSure() ? undefined : await learning;
      const hearing = router && { router, now, person };
      const heard = carries || commandOf(meant, session, catalogue, hearing);
      const words = 'text' in meant ? meant.text : '';
      const { adviser } = options;
      const names = [person.name];
      const better =
        !carries && hearing && adviser && words !== ''
          ? await advised(heard, words, session, catalogue, hearing, adviser, names)
          : heard;
      const clear = !carries && hearing ? await drafted(better, words, session, catalogue, hearing, adviser, names) : better;
      const begun = await filled(clear, person, place, now, session.photos);
      const command = begun instanceof Refusal ? clear : onceMore(begun, session, ended);
      trail.command = command.do;
      trail.by = understoodBy(incoming, heard, better);
      if (words !== '') await missed(incoming.id, words, command, now);
      const waiting = command.do === 'help' && place === 'single' ? await waitsFor(person, now) : [];
      const world: World = { person, place, now, catalogue, botName: options.name, waiting, newId: id };
      if (begun instanceof Refusal) trail.refused = begun.code;
      const next: Step =
        begun instanceof Refusal
          ? { do: 'say', session, message: { text: begun.message }, kind: 'refused' }
          : carries
            ? step(command, putAside(session), world)
            : (photoAlone(incoming, session, world) ?? step(command, session, world));
      reached(next.do === 'run' && !next.intent.reads ? 'write' : 'read');
      const forgot = saved === undefined;
      const turn = await carryOn(await take(next, session, incoming, world, command, trail, 0, forgot), incoming, world, trail);
      const kept = turn.secret ? SAID_ONCE : turn.answer;
      const after: Session = { ...turn.session, last: kept.message, touched: now.getTime() };
      if (place === 'single')
        await keepTalks({ tx: db.client, corp, vault }, catalogue, person, now, [session, after]).catch((error: unknown) =>
          log.warn({ ...trail, err: error }, 'a draft is not kept'),
        );
      const entries = [
        { key: answerKey, value: JSON.stringify(kept), ttlMs: ANSWER_MS },
        { key: sessionKey, value: JSON.stringify(after), ttlMs: SESSION_MS },
      ];
      // What was committed is done, whether or not we can remember having said so.
      await state.setAll(entries).catch((error: unknown) => log.warn({ ...trail, err: error }, 'not remembered'));
      return turn.answer;
    });
  }

  /** With what was put aside and memory has lost, when it is asked for: by 继续, or on a card of it. */
  async function withKept(command: Command, session: Session, person: Person, place: Place): Promise<Session> {
    const open = [...(session.drafts ?? []), ...(session.talk ? [session.talk] : [])];
    const isLost =
      command.do === 'resume'
        ? open.length === 0
        : 'talk' in command && command.talk !== undefined && open.every(({ id: known }) => known !== command.talk);
    if (!isLost || place === 'group') return session;
    const drafts = await keptTalks({ tx: db.client, corp, vault }, person.id);
    const missing = drafts.filter(({ id: lost }) => open.every(({ id: known }) => known !== lost));
    return missing.length === 0 ? session : { ...session, drafts: [...missing, ...(session.drafts ?? [])].slice(-DRAFTS) };
  }

  /** What nothing was made of is kept to be taught. An answer does not wait for it to be possible. */
  async function missed(message: string, words: string, command: Command, now: Date): Promise<void> {
    if (command.do !== 'choose' && command.do !== 'lost' && command.do !== 'unbuilt') return;
    const heard = command.do === 'choose' ? command.intents : command.do === 'unbuilt' ? [command.title] : [];
    const miss = { id: message, at: now, heard, sealed: vault.seal(words) };
    await noteMiss(db.client, corp, miss).catch((error: unknown) => log.warn({ message, err: error }, 'a miss is not kept'));
  }

  /** What is said in a talk with somebody else goes there. false: there is none; undefined: there is, and this is for the bot. */
  async function relayed(incoming: Incoming, person: Person, place: Place): Promise<Command | undefined | false> {
    const { relay } = catalogue;
    if (!relay || person.standings.length === 0 || place === 'group' || !('text' in incoming)) return false;
    return (await talking()).has(person.id) && carried(incoming.text, catalogue, relay);
  }

  async function waitsFor(person: Person, now: Date): Promise<readonly string[]> {
    const [standing] = person.standings;
    return standing ? catalogue.waits(reading(person, standing, now)) : [];
  }

  /** Outside any transaction, in the person's own chat. */
  function reading(person: Person, standing: Standing, now: Date): Ctx {
    return open({ tx: db.client, now, place: 'single', actor: { ...person, standing } }).ctx;
  }

  /** What else was asked for in the same message, until something has to be asked back. */
  async function carryOn(first: Turn, incoming: Incoming, world: World, trail: Trail): Promise<Turn> {
    const turns = [first];
    for (let turn = first; turn.session.plan?.length && !turn.session.talk;) {
      const [wanted, ...plan] = turn.session.plan;
      const { plan: _begun, ...rest } = turn.session;
      const session: Session = plan.length > 0 ? { ...rest, plan } : rest;
      if (!wanted) break;
      const command: Command = { do: 'start', ...wanted };
      turn = await take(step(command, session, world), session, incoming, world, command, trail, turns.length);
      turns.push(turn);
    }
    const last = turns.at(-1) ?? first;
    const answer = together(turns.map((turn) => turn.answer));
    return {
      // Only the last act can be taken back.
      answer: last.undoable ? { ...answer, message: undone(answer.message, world.place) } : answer,
      session: last.session,
      secret: turns.some((turn) => turn.secret),
    };
  }

  /**
   * @param nth which of several requests in one message this is, from 0
   * @param forgot there was no session, so this may be the repeat of a message carried out before memory was lost
   */
  async function take(
    next: Step,
    session: Session,
    incoming: Incoming,
    world: World,
    command: Command,
    trail: Trail,
    nth: number,
    forgot = false,
  ): Promise<Turn> {
    if (next.do === 'move') return { answer: await movePrivate(incoming, world.now, trail), session };
    if (next.do === 'say') {
      const isRepeat = forgot || next.kind === 'foreign' || next.kind === 'idle' || command.do === 'lost';
      const earlier = isRepeat ? await earlierAnswer(incoming, command) : undefined;
      if (earlier) return { answer: earlier, session };
      try {
        await begun(next, world);
        const message = next.confirming ? await hinted(next.message, next.confirming, world, next.session.photos) : next.message;
        return { answer: { message, kind: next.kind }, session: next.session };
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        trail.refused = error.code;
        const { talk: _refused, ...rest } = next.session;
        return { answer: { message: { text: error.message }, kind: 'refused' }, session: rest };
      }
    }
    trail.intent = next.intent.name;
    // What stands at its confirmation stays there, to be mended or tried again.
    const again = (reason: string) => (next.talk === undefined ? undefined : confirmAgain(session, world, reason));
    /** With what was found under its keys, or left there. */
    const told = (answer: Answer): Turn => {
      if (answer.kind !== 'failed') return { answer, session: next.session };
      const card = 'text' in answer.message ? again(answer.message.text) : undefined;
      return { answer: card ? { ...answer, message: card } : answer, session };
    };
    try {
      const done = await perform(next, incoming, world, nth);
      if ('earlier' in done) {
        options.repeated();
        return told(done.earlier);
      }
      const { list, more, opens, figure = next.session.figure, secret = false } = done.said;
      const message = reminding(bare(done.said), next.session);
      const shared = command.do === 'confirm' ? { shared: true as const } : {};
      const kind = next.intent.reads ? 'info' : 'done';
      const answer: Answer = { message, kind, ...shared, ...followed(done.said) };
      const { photos, ...rest } = next.session;
      // A list takes the place of the one before, with what there is more of it.
      const shown = list === undefined ? {} : { list, more, opens, lister: next.intent.name };
      const number = numberIn(done.subject);
      const acted = number === undefined ? {} : { recent: number, did: next.intent.name };
      const left = next.intent.reads ? { photos } : { ...acted, ended: next.talk };
      const undoable = isUndoable(next.intent, done.subject);
      return { answer, session: stripped({ ...rest, ...shown, ...left, figure }), secret, undoable };
    } catch (error) {
      if (error instanceof Refusal) {
        trail.refused = error.code;
        if (!next.intent.reads) await recordRefusal(error, next, incoming, world, nth);
        const card = again(error.message);
        return { answer: { message: card ?? { text: error.message }, kind: 'refused' }, session: card ? session : next.session };
      }
      return told(await failure(error, trail, keysOf(incoming, next, nth)));
    }
  }

  /** A matter that begins, with what it fills in by itself, or why it cannot begin. Nobody's history is read into a group. */
  async function filled(
    command: Command,
    person: Person,
    place: Place,
    now: Date,
    photos: readonly string[] = [],
  ): Promise<Command | Refusal> {
    if (command.do !== 'start' || place !== 'single') return command;
    const intent = catalogue.find(command.intent);
    const [standing, ...others] = intent?.who.standings(person) ?? [];
    if (!intent?.fills || !standing || (others.length > 0 && !intent.who.bySubject)) return command;
    const { ctx } = open({ tx: db.client, now, place, actor: { ...person, standing }, photos });
    try {
      return { ...command, said: { ...(await intent.fills(ctx, command.said)), ...command.said } };
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** Before more is asked about a number: whether anything can come of it. @throws Refusal */
  async function begun({ kind, session: { talk } }: Say, { person, place, now }: World): Promise<void> {
    const intent = talk && kind === 'asks' ? catalogue.find(talk.intent) : undefined;
    const number = talk?.said.number;
    const standings = intent?.who.standings(person) ?? [];
    const standing = standings.find(({ id: each }) => each === talk?.standing) ?? standings[0];
    if (!intent?.about || number === undefined || !standing) return;
    await intent.about(open({ tx: db.client, now, place, actor: { ...person, standing } }).ctx, number);
  }

  /** The confirmation, with what the intent wants known before it. */
  async function hinted(
    message: Message,
    ready: NonNullable<Say['confirming']>,
    { person, place, now }: World,
    photos: readonly string[] = [],
  ): Promise<Message> {
    const { intent, values, standing, also = [] } = ready;
    if (!('card' in message) || !intent.hint) return message;
    const { ctx } = open({ tx: db.client, now, place, actor: { ...person, standing }, photos });
    const hints: Hint[] = [];
    for (const each of [values, ...also.map((number) => ({ ...values, number }))]) {
      const hint = await intent.hint(ctx, each);
      if (hint) hints.push(hint);
    }
    if (hints.length === 0) return message;
    const hint = { words: hints.map(({ words }) => words).join('\n'), buttons: hints.flatMap(({ buttons }) => buttons) };
    const { quote, buttons = [], ...card } = message.card;
    const room = CARD.buttons - hint.buttons.length;
    // 确认 and 取消 stay; a button to correct one value makes room, for the words 改…… do the same.
    const kept = buttons.length <= room ? buttons : [...buttons.slice(0, room - 1), ...buttons.slice(-1)];
    return {
      card: { ...card, quote: quote === undefined ? hint.words : `${hint.words}\n${quote}`, buttons: [...kept, ...hint.buttons] },
    };
  }

  /** In the person's own chat instead: the same words there, a pointer here. */
  async function movePrivate(incoming: Incoming, now: Date, trail: Trail): Promise<Answer> {
    const { message } = await converse(incoming, 'single', now, trail);
    const notice: Notice = { to: incoming.from, message };
    try {
      const job = {
        id: id(),
        name: SEND,
        payload: notice,
        dueAt: now,
        queue: queueTo(incoming.from),
        key: `moved:${incoming.id}`,
      };
      await enqueueJobs(db.client, corp, now, [job]);
    } catch (error) {
      log.warn({ ...trail, err: error }, 'moved, but the notice is lost');
      return {
        message: { text: '这件事只在私聊里办，私信暂时发不出去。请直接打开“党建助手”私聊，说“再说一遍”就能看到。' },
        kind: 'info',
      };
    }
    options.committed();
    return { message: { text: '这件事只在私聊里办，我已经私信您了，请打开“党建助手”的应用消息接着办。' }, kind: 'info' };
  }

  /** What a repeat of something carried out was told, when memory of it is gone. */
  async function earlierAnswer(incoming: Incoming, command: Command): Promise<Answer | undefined> {
    const talk = 'talk' in command && command.talk !== undefined ? [talkKey(command.talk)] : [];
    return (await findReply(db.client, corp, [messageKey(incoming.id), ...talk])) as Answer | undefined;
  }

  async function wantsFile(userId: string): Promise<boolean> {
    const person = await people.find(userId, clock());
    return person !== undefined && catalogue.for(person).some(({ takesFile }) => takesFile);
  }

  async function recall(message: string): Promise<Answer | undefined> {
    return (await findReply(db.client, corp, [messageKey(message)])) as Answer | undefined;
  }

  async function settle(message: string, otherwise: Answer): Promise<Answer> {
    return ((await settledReply(db, corp, [messageKey(message)], clock(), otherwise)) as Answer | undefined) ?? otherwise;
  }

  async function perform(
    next: Run,
    incoming: Incoming,
    { person, place, now }: World,
    nth: number,
  ): Promise<{ said: Reply; subject?: string | undefined } | { earlier: Answer }> {
    const { intent, values, standing } = next;
    const came = {
      ...(incoming.card === undefined ? {} : { card: incoming.card }),
      photos: next.session.photos ?? [],
      ...(incoming.file ? { file: incoming.file } : {}),
      chat: place === 'group' ? incoming.chat.id : undefined,
    };
    if (intent.reads) {
      const { ctx } = open({ tx: db.client, now, place, actor: { ...person, standing }, ...came });
      return { said: await intent.run(ctx, values) };
    }
    const keys = keysOf(incoming, next, nth);
    try {
      const reply = await db.transaction(
        async (tx) => {
          if (!(await claimReceipts(tx, corp, keys, now))) throw new Twin();
          const actor = await actorNow(tx, next, incoming.from, now);
          const { ctx, traces } = open({ tx, now, place, actor, ...came });
          const said = await intent.run(ctx, values);
          const words = reminding(bare(said), next.session);
          const message = isUndoable(intent, traces.subject) ? undone(words, place) : words;
          const { secret, file, photos: pictures = [] } = said;
          const to = actor.userId;
          const files: FileNotice[] = [...(file ? [{ to, file }] : []), ...pictures.map((photo) => ({ to, photo }))];
          for (const payload of files)
            traces.jobs.push({ id: id(), name: SEND_FILE, payload, dueAt: now, queue: queueTo(payload.to) });
          const shared = next.talk === undefined ? {} : { shared: true as const };
          const answer: Answer = secret ? SAID_ONCE : { message, kind: 'done', ...shared, ...followed(said) };
          const audit = { ...entry(intent.name, incoming, person, traces), outcome: 'done' };
          await leaveTraces(tx, corp, now, { keys, reply: answer, audit, jobs: await arrange(ctx, traces.jobs) });
          return { said, subject: traces.subject };
        },
        'tap' in incoming ? {} : { waitMs: WORDS_WAIT_MS },
      );
      options.committed();
      return reply;
    } catch (error) {
      if (!(error instanceof Twin)) throw error;
      const answer = (await findReply(db.client, corp, keys)) as Answer | undefined;
      return answer ? { earlier: answer } : refuse('turn.twin', '这一步已经办过了，请说“帮助”继续。');
    }
  }

  /** With how to take it back. */
  function undone(message: Message, place: Place): Message {
    return withUndo(message, place === 'group' ? options.name : undefined);
  }

  /** Permission, asked again at the moment of acting. */
  async function actorNow(tx: Tx, { intent, standing }: Run, userId: string, now: Date): Promise<Actor> {
    const person = (await people.read(tx, userId, now)) ?? refuse('people.unknown', NOT_ON_ROSTER);
    const standings = intent.who.standings(person);
    const same = standings.find((s) => s.id === standing.id) ?? (intent.who.bySubject ? standings[0] : undefined);
    return { ...person, standing: same ?? refuse('who.forbidden', intent.who.otherwise) };
  }

  /** A press that lost leaves its audit row too, and a repeat of it the same words. */
  async function recordRefusal(
    refusal: Refusal,
    next: Run,
    incoming: Incoming,
    { person, now }: World,
    nth: number,
  ): Promise<void> {
    const keys = [messageKey(incoming.id, nth)];
    const answer: Answer = { message: { text: refusal.message }, kind: 'refused' };
    const subject = typeof next.values.number === 'string' ? { subject: next.values.number } : {};
    await db.transaction(async (tx) => {
      if (!(await claimReceipts(tx, corp, keys, now))) return;
      const traces = { standing: next.standing, jobs: [], ...subject };
      const audit = { ...entry(next.intent.name, incoming, person, traces), outcome: refusal.code };
      await leaveTraces(tx, corp, now, { keys, reply: answer, audit, jobs: [] });
    });
  }

  function entry(intent: string, incoming: Incoming, person: Person, traces: Traces): Omit<AuditEntry, 'outcome'> {
    return {
      id: id(),
      personId: person.id,
      standingId: traces.standing.id,
      intent,
      channel: incoming.channel,
      messageId: incoming.id,
      ...(traces.subject === undefined ? {} : { subject: traces.subject }),
      ...(traces.change === undefined ? {} : { change: traces.change }),
    };
  }

  async function runJob(row: JobRow, lease: string): Promise<boolean> {
    const job = jobs.get(row.name);
    if (!job) throw new Error(`no job is named ${row.name}`);
    const now = clock();
    const ours = await db.transaction(async (tx) => {
      if (!(await finishJob(tx, row.id, lease))) return false;
      const { ctx, traces } = open({ tx, now, place: 'single', actor: SYSTEM });
      const time = job.every && ((await job.every.set?.(ctx)) ?? job.every.daily);
      const isEarly = time !== undefined && timeOf(now) < time;
      if (!isEarly) await job.run(ctx, row.payload);
      if (time !== undefined)
        traces.jobs.push({ id: id(), name: row.name, key: EVERY, queue: null, payload: {}, dueAt: nextAt(now, time) });
      const audit: AuditEntry = {
        id: id(),
        intent: row.name,
        channel: 'timer',
        outcome: isEarly ? 'early' : 'done',
        ...(traces.subject === undefined ? {} : { subject: traces.subject }),
        ...(traces.change === undefined ? {} : { change: traces.change }),
      };
      await leaveTraces(tx, corp, now, { keys: [], reply: null, audit, jobs: await arrange(ctx, traces.jobs) });
      return true;
    });
    options.committed();
    return ours;
  }

  /** Our fault. What was committed all the same is not denied: its answer is found under its keys. */
  async function failure(error: unknown, trail: Trail, keys: readonly [string, ...string[]]): Promise<Answer> {
    const incident = incidentNumber(id());
    if (error instanceof Unavailable) log.warn({ ...trail, incident, err: error }, 'unavailable');
    else log.error({ ...trail, incident, err: error }, 'failed');
    try {
      const text = `系统开小差了，刚才这一步没有办成，也没有保存（编号 ${incident}）。请过几分钟把刚才那句再发一次；一直不行就把编号告诉管理员。`;
      const nothing: Answer = { message: { text }, kind: 'failed' };
      return ((await settledReply(db, corp, keys, clock(), nothing)) as Answer | undefined) ?? nothing;
    } catch {
      const text = `系统开小差了，刚才这一步不知道办成没有（编号 ${incident}）。请过几分钟把刚才那句再发一次，办过的不会重复办；一直不行就把编号告诉管理员。`;
      return { message: { text }, kind: 'failed' };
    }
  }

  return { corp, handle, wantsFile, recall, settle, runJob };
}

type Run = Extract<Step, { do: 'run' }>;
type Say = Extract<Step, { do: 'say' }>;
type Turn = { answer: Answer; session: Session; secret?: boolean; undoable?: boolean };

/** What the log line of a message says. */
type Trail = { message: string; channel: string; who?: string; by?: By; command?: string; intent?: string; refused?: string };

/** A press or a file says exactly what it means, sure words by pattern; the rest is a guess or advice. */
type By = 'press' | 'words' | 'router' | 'model';

function understoodBy(incoming: Incoming, heard: Command, command: Command): By {
  if ('tap' in incoming || incoming.file) return 'press';
  if (command !== heard) return 'model';
  return command.do === 'choose' || command.do === 'unbuilt' || (command.do === 'start' && command.guessed) ? 'router' : 'words';
}

/** Somebody else has carried out this very message or conversation. */
class Twin extends Error {}

/** Without what is meant for the session. */
function bare({
  list: _list,
  more: _more,
  opens: _opens,
  figure: _figure,
  secret: _secret,
  file: _file,
  photos: _photos,
  ...message
}: Reply): Message {
  return message;
}

function followed({ file, photos = [] }: Reply): { file?: true } {
  return file || photos.length > 0 ? { file: true } : {};
}

function isUndoable(intent: Intent, subject = ''): boolean {
  return !intent.reads && undoOf(intent, subject) !== undefined;
}

/** Another matter was done in between: the open one is not forgotten. */
function reminding(message: Message, { talk }: Session): Message {
  return talk ? followedBy(message, '（刚才那件事还没办完，说“继续”接着办，不办了就说“取消”。）') : message;
}

/** 确认 said once more, right after it was carried out: what was answered then stands under its talk. */
function onceMore(command: Command, { talk }: Session, ended: string | undefined): Command {
  if (command.do !== 'confirm' || command.talk !== undefined || talk || ended === undefined) return command;
  return { do: 'confirm', talk: ended };
}

/** Without the fields that have no value. */
function stripped(session: { [K in keyof Session]: Session[K] | undefined }): Session {
  return Object.fromEntries(Object.entries(session).filter(([, value]) => value !== undefined));
}

function withPhotos(session: Session, photos: readonly string[] = []): Session {
  return photos.length === 0
    ? session
    : { ...session, photos: [...new Set([...(session.photos ?? []), ...photos])].slice(-PHOTOS) };
}

/** A picture without a word says nothing of its own: it waits in the session. */
function photoAlone(incoming: Incoming, session: Session, world: World): Step | undefined {
  const isAlone = incoming.photos !== undefined && 'text' in incoming && incoming.text === '' && incoming.quoted === undefined;
  if (!isAlone) return undefined;
  return { do: 'say', session, message: openQuestion(session, world, '图片收到了。') ?? { text: PHOTO_ALONE }, kind: 'info' };
}

function messageKey(id: string, nth = 0): string {
  return nth === 0 ? `m:${id}` : `m:${id}:${nth}`;
}

/** What may happen once: the message, and the end of its conversation. */
function keysOf({ id }: Incoming, { talk }: Run, nth: number): readonly [string, ...string[]] {
  return [messageKey(id, nth), ...(talk === undefined ? [] : [talkKey(talk)])];
}

function talkKey(id: string): string {
  return `t:${id}`;
}
