/** One message is one unit of work: who, what, one transaction, one answer. */
import { refuse, Refusal, Unavailable } from '../kernel/refusal.ts';
import type { Db, Tx } from '../db/db.ts';
import { claimReceipts, findReply, leaveTraces, type AuditEntry } from '../db/work.ts';
import { enqueueJobs, finishJob, type JobRow } from '../db/jobs.ts';
import { incidentNumber } from '../kernel/ids.ts';
import type { Json } from '../kernel/json.ts';
import type { Log } from '../kernel/log.ts';
import type { State } from '../state/state.ts';
import type { Actor, People, Person } from './actor.ts';
import type { Catalogue } from './catalogue.ts';
import { openWork, SEND, type Job, type Notice, type Place, type Traces } from './ctx.ts';
import { confirmAgain, step, type SayKind, type Step, type World } from './dialogue.ts';
import type { Message, Reply } from './reply.ts';
import type { Session } from './session.ts';
import { understandTap, understandText, type Command } from './understand.ts';

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
} & ({ readonly text: string } | { readonly tap: string });

/** `done`: something was carried out. `failed`: our fault, nothing saved. The rest as in SayKind. */
export type Answer = { readonly message: Message; readonly kind: SayKind | 'done' | 'failed' };

export type Bot = {
  readonly corp: string;
  handle(incoming: Incoming): Promise<Answer>;
  /** Carries out a leased timer in a unit of work of its own; false when the lease was lost. @throws when it failed. */
  readonly runJob: (job: JobRow, lease: string) => Promise<boolean>;
};

export type BotOptions = {
  corp: string;
  /** The name people @. */
  name: string;
  db: Db;
  state: State;
  people: People;
  catalogue: Catalogue;
  jobs: readonly Job<Json>[];
  log: Log;
  clock: () => Date;
  id: () => string;
  /** Called after a commit that left something to send or to do. */
  committed: () => void;
};

/** An open conversation is forgotten after this; so is the reply a repeat would get from memory. */
const SESSION_MS = 30 * 60_000;
/** One conversation handles one message at a time. */
const TURN = { ttlMs: 15_000, waitMs: 4_000 };

const NOT_ON_ROSTER =
  '您还不在党建助手的名册里，所以现在什么都办不了。请联系您单位的党支部书记，或所在镇街的两新党建工作人员登记，登记后马上能用。';

export function createBot(options: BotOptions): Bot {
  const { corp, db, state, people, catalogue, log, clock, id } = options;
  const jobs = new Map(options.jobs.map((job) => [job.name, job]));

  async function handle(incoming: Incoming): Promise<Answer> {
    const now = clock();
    const trail: Trail = { message: incoming.id, channel: incoming.channel };
    let answer: Answer;
    try {
      answer = await converse(incoming, incoming.chat.kind, now, trail);
    } catch (error) {
      answer = failure(error, trail);
    }
    log.info({ ...trail, kind: answer.kind, ms: clock().getTime() - now.getTime() }, 'message');
    return answer;
  }

  /** One turn in one session, under its lock. */
  function converse(incoming: Incoming, place: Place, now: Date, trail: Trail): Promise<Answer> {
    const user = incoming.from.toLowerCase();
    const sessionKey = place === 'group' ? `session:${corp}:${incoming.chat.id}:${user}` : `session:${corp}:${user}`;
    const answerKey = `answer:${sessionKey}:${incoming.id}`;
    return state.lock(`turn:${sessionKey}`, TURN, async () => {
      const repeat = await state.get(answerKey);
      if (repeat !== undefined) return JSON.parse(repeat) as Answer;

      const saved = await state.get(sessionKey);
      const session = saved === undefined ? {} : (JSON.parse(saved) as Session);
      const person = await people.find(incoming.from, now);
      if (!person) return { message: { text: NOT_ON_ROSTER }, kind: 'refused' };
      trail.who = person.id;

      const command = 'tap' in incoming ? understandTap(incoming.tap) : understandText(incoming.text, session, catalogue);
      trail.command = command.do;
      const world: World = { person, place, now, catalogue, botName: options.name, newId: id };
      const next = step(command, session, world);
      const turn = await take(next, session, incoming, world, command, trail);
      await state.setAll([
        { key: answerKey, value: JSON.stringify(turn.answer), ttlMs: SESSION_MS },
        ...(turn.session === session ? [] : [{ key: sessionKey, value: JSON.stringify(turn.session), ttlMs: SESSION_MS }]),
      ]);
      return turn.answer;
    });
  }

  async function take(
    next: Step,
    session: Session,
    incoming: Incoming,
    world: World,
    command: Command,
    trail: Trail,
  ): Promise<{ answer: Answer; session: Session }> {
    if (next.do === 'move') return { answer: await movePrivate(incoming, world.now, trail), session };
    if (next.do === 'say') {
      const earlier = next.kind === 'foreign' || next.kind === 'idle' ? await earlierAnswer(incoming, command) : undefined;
      return { answer: earlier ?? { message: next.message, kind: next.kind }, session: next.session };
    }
    trail.intent = next.intent.name;
    try {
      const { list, more, ...message } = await perform(next, incoming, world);
      const shown = { ...(list ? { list } : {}), ...(more ? { more } : {}) };
      return { answer: { message, kind: next.intent.reads ? 'info' : 'done' }, session: { ...next.session, ...shown } };
    } catch (error) {
      // What stands at its confirmation stays there, to be mended or tried again.
      const again = (reason: string) => (next.talk === undefined ? undefined : confirmAgain(session, world, reason));
      if (error instanceof Refusal) {
        trail.refused = error.code;
        if (!next.intent.reads) await recordRefusal(error, next, incoming, world);
        const card = again(error.message);
        return { answer: { message: card ?? { text: error.message }, kind: 'refused' }, session: card ? session : next.session };
      }
      const answer = failure(error, trail);
      const card = 'text' in answer.message ? again(answer.message.text) : undefined;
      return { answer: card ? { ...answer, message: card } : answer, session };
    }
  }

  /** In the person's own chat instead: the same words there, a pointer here. */
  async function movePrivate(incoming: Incoming, now: Date, trail: Trail): Promise<Answer> {
    const { message } = await converse(incoming, 'single', now, trail);
    const notice: Notice = { to: incoming.from, message };
    await enqueueJobs(db.client, corp, now, [{ id: id(), name: SEND, payload: notice, dueAt: now, key: `moved:${incoming.id}` }]);
    options.committed();
    return { message: { text: '这件事只在私聊里办，我已经私信您了，请打开“党建助手”的应用消息接着办。' }, kind: 'info' };
  }

  /** What a repeat of something carried out was told, when memory of it is gone. */
  async function earlierAnswer(incoming: Incoming, command: Command): Promise<Answer | undefined> {
    const talk = 'talk' in command && command.talk !== undefined ? [talkKey(command.talk)] : [];
    return (await findReply(db.client, corp, [messageKey(incoming.id), ...talk])) as Answer | undefined;
  }

  async function perform(next: Run, incoming: Incoming, { person, place, now }: World): Promise<Reply> {
    const { intent, values, standing } = next;
    const card = incoming.card === undefined ? {} : { card: incoming.card };
    if (intent.reads) {
      const { ctx } = openWork({ corp, tx: db.client, now, place, id, actor: { ...person, standing }, ...card });
      return intent.run(ctx, values);
    }
    const keys = [messageKey(incoming.id), ...(next.talk === undefined ? [] : [talkKey(next.talk)])];
    try {
      const reply = await db.transaction(async (tx) => {
        if (!(await claimReceipts(tx, corp, keys, now))) throw new Twin();
        const actor = await actorNow(tx, next, incoming.from, now);
        const { ctx, traces } = openWork({ corp, tx, now, place, id, actor, ...card });
        const said = await intent.run(ctx, values);
        const { list: _list, more: _more, ...message } = said;
        const answer: Answer = { message, kind: 'done' };
        const audit = { ...entry(intent.name, incoming, person, traces), outcome: 'done' };
        await leaveTraces(tx, corp, now, { keys, reply: answer, audit, jobs: traces.jobs });
        return said;
      });
      options.committed();
      return reply;
    } catch (error) {
      if (!(error instanceof Twin)) throw error;
      const answer = (await findReply(db.client, corp, keys)) as Answer | undefined;
      return answer?.message ?? refuse('turn.twin', '这一步已经办过了，请说“帮助”继续。');
    }
  }

  /** Permission, asked again at the moment of acting. */
  async function actorNow(tx: Tx, { intent, standing }: Run, userId: string, now: Date): Promise<Actor> {
    const person = (await people.read(tx, userId, now)) ?? refuse('people.unknown', NOT_ON_ROSTER);
    const standings = intent.who.standings(person);
    const same = standings.find((s) => s.id === standing.id) ?? (intent.who.bySubject ? standings[0] : undefined);
    return { ...person, standing: same ?? refuse('who.forbidden', intent.who.otherwise) };
  }

  /** A press that lost leaves its audit row too, and a repeat of it the same words. */
  async function recordRefusal(refusal: Refusal, next: Run, incoming: Incoming, { person, now }: World): Promise<void> {
    const keys = [messageKey(incoming.id)];
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
      const { ctx, traces } = openWork({ corp, tx, now, place: 'single', id, actor: SYSTEM });
      await job.run(ctx, row.payload);
      const audit: AuditEntry = {
        id: id(),
        intent: row.name,
        channel: 'timer',
        outcome: 'done',
        ...(traces.subject === undefined ? {} : { subject: traces.subject }),
        ...(traces.change === undefined ? {} : { change: traces.change }),
      };
      await leaveTraces(tx, corp, now, { keys: [], reply: null, audit, jobs: traces.jobs });
      return true;
    });
    options.committed();
    return ours;
  }

  function failure(error: unknown, trail: Trail): Answer {
    const incident = incidentNumber(id());
    if (error instanceof Unavailable) log.warn({ ...trail, incident, err: error }, 'unavailable');
    else log.error({ ...trail, incident, err: error }, 'failed');
    const text = `系统开小差了，刚才这一步没有办成，也没有保存（编号 ${incident}）。请过几分钟把刚才那句再发一次；一直不行就把编号告诉管理员。`;
    return { message: { text }, kind: 'failed' };
  }

  return { corp, handle, runJob };
}

type Run = Extract<Step, { do: 'run' }>;

/** What the log line of a message says. */
type Trail = { message: string; channel: string; who?: string; command?: string; intent?: string; refused?: string };

/** Somebody else has carried out this very message or conversation. */
class Twin extends Error {}

const SYSTEM: Actor = {
  id: 'system',
  userId: '',
  name: '系统',
  called: '系统',
  standings: [],
  standing: { id: 'system', role: 'SYSTEM', title: '系统', organisation: { id: '', name: '', shortName: '', kind: '' } },
};

function messageKey(id: string): string {
  return `m:${id}`;
}

function talkKey(id: string): string {
  return `t:${id}`;
}
