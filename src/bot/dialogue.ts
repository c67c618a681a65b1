/** One step of a conversation, pure: a command and the session before → the session after, and what to say or to run. */
import { Refusal } from '../kernel/refusal.ts';
import type { Person, Standing } from './actor.ts';
import { toCommand, TROUBLE } from './hearing.ts';
import type { Intent } from './intent.ts';
import { helpMessage, lostMessage, question, whichCard, type World } from './questions.ts';
import { placeIn } from './place.ts';
import type { Message } from './reply.ts';
import { CATCH_ALL } from '../nlu/core.ts';
import { CONFIRM, putAside, STANDING, WHICH, type Menu, type Planned, type Session, type Talk } from './session.ts';
import { canonical, isOptional, type Reading, type Said, type Slot } from './slot.ts';
import type { Command } from './understand.ts';

/**
 * `asks`: an answer is expected. `idle`: there is nothing to confirm.
 * `foreign`: the button's conversation is over or somebody else's, so only the presser sees the reply.
 */
export type SayKind = 'info' | 'asks' | 'refused' | 'cancelled' | 'idle' | 'foreign';

type Ready = {
  readonly intent: Intent;
  readonly values: Readonly<Record<string, unknown>>;
  readonly standing: Standing;
  /** Other numbers that are confirmed with it. */
  readonly also?: readonly string[];
};

/** `confirming`: what is asked is the confirmation of this. */
type Saying = {
  readonly do: 'say';
  readonly session: Session;
  readonly message: Message;
  readonly kind: SayKind;
  readonly confirming?: Ready;
};

export type Step =
  | Saying
  /** `session` is the one to keep when it went well. */
  | (Ready & {
      readonly do: 'run';
      readonly session: Session;
      /** Set when the run ends an open conversation: its id is then claimed, so that it runs once. */
      readonly talk?: string;
    })
  /** The matter belongs in the person's own chat. */
  | { readonly do: 'move' };

export function step(command: Command, session: Session, world: World): Step {
  if (command.do === 'lost') return lost(command.words, session, world);
  const { missed: _understood, menu, ...heard } = session;
  if (menu && 'talk' in command && command.talk === menu.id) return chosen(command, menu, heard, world);
  // 确认 says yes to none of several.
  if (menu && !menu.unasked && command.do === 'confirm' && command.talk === undefined && !heard.talk) {
    const [only, ...others] = menu.intents;
    if (only !== undefined && others.length === 0)
      return chosen({ do: 'fill', talk: menu.id, slot: WHICH, words: only }, menu, heard, world);
    return say({ ...heard, menu }, { card: { ...whichCard(menu, world), note: '请先选一件：点一下，或回复它是第几个' } });
  }
  switch (command.do) {
    case 'start':
      return start(command.intent === world.catalogue.relay?.ask ? asked(command, session, world) : command, heard, world);
    case 'plan': {
      const [first, ...plan] = command.wants;
      if (first && command.alike) return alike(first, plan, heard, world, command.asks);
      return first ? start(first, { ...heard, plan }, world) : lost(undefined, session, world);
    }
    case 'choose': {
      const asked = { id: world.newId(), words: command.words, intents: command.intents };
      return say({ ...heard, menu: asked }, { card: whichCard(asked, world) });
    }
    case 'unbuilt':
      return unbuilt(command, heard, world);
    case 'help':
      return say(heard, helpMessage(world, heard, command.all));
    case 'figure':
      return say(heard, {
        text: heard.figure ?? '我刚才没有说到要算的数。问参数就说“为什么审核时限是2天”这样的话，别的请说出是哪个数。',
      });
    case 'thanks':
      return heard.talk ? again(heard, heard.talk, world, '不客气。') : say(heard, { text: '不客气，有事随时叫我。' });
    case 'wait':
      return say(heard, { text: heard.talk ? '好的，不着急，我等您。想好了直接回答就行。' : '好的，有事随时叫我。' });
    case 'long':
      return say(heard, { text: `这段话有${command.length}个字，太长了，我看不过来。请挑最要紧的一件事，用一两句话说。` });
    case 'repeat':
      if (heard.talk) return again(heard, heard.talk, world);
      return say(heard, heard.last ?? { text: '我还没说过什么。说“帮助”看我能做什么。' });
    case 'resume':
      return resume(heard, world);
    case 'cancel':
      return cancel(command.talk, heard, world);
    case 'answer':
    case 'fill':
    case 'edit':
    case 'negate':
    case 'why':
    case 'skip':
    case 'confirm':
      return inTalk(command, heard, world);
  }
}

function start({ intent: name, said, ...how }: Start, session: Session, world: World): Step {
  const intent = world.catalogue.find(name);
  return intent ? advance(intent, { id: world.newId(), intent: name, said }, session, world, how) : gone(session);
}

/** Not yet to be done here: where to go meanwhile; what is wanted can be reported as a need like any other. */
function unbuilt({ title, meanwhile, words, isWant }: Extract<Command, { do: 'unbuilt' }>, session: Session, world: World): Step {
  const learning = `“${title}”我还在学，现在办不了。`;
  if (!isWant || session.talk || !mayReport(world))
    return say(session, { text: `${learning}${meanwhile}说“帮助”看我现在能办什么。` });
  const menu = { id: world.newId(), words, intents: [CATCH_ALL] };
  const quote = `${meanwhile}也可以先当一条需求报上去，放进需求库请大家帮忙。`;
  return say({ ...session, menu }, { card: { ...whichCard(menu, world), title: learning, quote } });
}

/** Whether what takes any trouble is there, and for this person. */
function mayReport({ catalogue, person }: World): boolean {
  return (catalogue.find(CATCH_ALL)?.who.standings(person).length ?? 0) > 0;
}

type Start = {
  readonly intent: string;
  readonly said: Said;
  readonly guessed?: boolean;
  readonly confirmed?: boolean;
  readonly note?: string;
};

/** The same about several numbers: one after the other, or with one confirmation for all. */
function alike(first: Start, others: readonly Planned[], session: Session, world: World, asks = false): Step {
  const intent = world.catalogue.find(first.intent);
  const slot = intent?.slots.number;
  if (!intent || !slot) return gone(session);
  const { talk, ...rest } = session;
  // They answer the question that was open.
  const free = talk?.intent === first.intent ? rest : session;
  if (!intent.confirm && !asks) return start(first, { ...free, plan: others }, world);
  const reading = { now: world.now, ...(session.list ? { list: session.list } : {}) };
  try {
    const [own, ...numbers] = [first, ...others].map(({ said }) => slot.say(slot.parse(said.number ?? '', reading)));
    const also = [...new Set(numbers)].filter((number) => number !== own);
    return advance(intent, { id: world.newId(), intent: intent.name, said: first.said, also }, free, world, { guessed: asks });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return say(session, { text: error.message }, 'refused');
  }
}

/** One of the matters that free words may have meant, or none of them. What it begins keeps the id of the question, so that a double tap finds it. */
function chosen(command: Command, menu: Menu, session: Session, world: World): Step {
  if (command.do !== 'fill' || !menu.intents.includes(command.words)) return lost(menu.words, session, world);
  return step(toCommand(command.words, menu.words, world.catalogue, world.now), session, { ...world, newId: () => menu.id });
}

/** A second time in a row somebody is called who understands people. */
function lost(words: string | undefined, session: Session, world: World): Step {
  const missed = [...(session.missed ?? []), words ?? ''].slice(-MISSED);
  const kept = { ...session, missed };
  const { relay } = world.catalogue;
  const isTwice = missed.length > 1;
  if (session.talk?.asking === CONFIRM) {
    const orElse = isTwice && relay ? '说不清楚就说“转人工”，请人来帮您。' : '';
    return again(
      kept,
      session.talk,
      world,
      `没听明白。对的话请说“确认”；要改，说“${named(session.talk, world)}改成……”这样的话，或点下面的按钮；不办了说“取消”。另外有事，办完这件再说。${orElse}`,
    );
  }
  if (isTwice && relay && words !== undefined && world.place === 'single' && isKnown(world))
    return step({ do: 'start', intent: relay.ask, said: {} }, kept, world);
  if (session.talk || words === undefined || words.length < TROUBLE || !mayReport(world))
    return say(kept, lostMessage(world, isTwice));
  const menu: Menu = { id: world.newId(), words, intents: [CATCH_ALL], unasked: true };
  return say({ ...kept, menu }, lostMessage(world, isTwice, menu));
}

/** What of it is most likely to be mended: the last thing said. */
function named(talk: Talk, { catalogue }: World): string {
  const slots = Object.entries(catalogue.find(talk.intent)?.slots ?? {}).filter(([name]) => name in talk.said);
  return (slots.find(([, { free }]) => free) ?? slots.at(-1))?.[1].label ?? '内容';
}

function isKnown({ person, catalogue }: World): boolean {
  return catalogue.for(person).length > 0;
}

/** Whoever is called reads what was not understood, and which matter was open. */
function asked({ intent, said }: Start, { missed = [], talk }: Session, { catalogue }: World): Start {
  const open = talk && catalogue.find(talk.intent);
  const about = [...missed.filter(Boolean), ...(open ? [`（正在办“${open.title}”）`] : [])].join('；');
  return { intent, said: about === '' ? said : { about, ...said } };
}

/** So many of them are kept. */
const MISSED = 3;

/** The conversation that is open, or the draft put aside last. */
function resume(session: Session, world: World): Step {
  if (session.talk) return again(session, session.talk, world);
  const draft = session.drafts?.at(-1);
  const intent = draft && world.catalogue.find(draft.intent);
  if (!draft || !intent) return say(session, { text: '没有放着没办完的事。说“帮助”看我能做什么。' }, 'idle');
  return advance(intent, draft, reopened(session, draft), world);
}

/** A draft is open again, and what was open is a draft. */
function reopened(session: Session, draft: Talk): Session {
  const { drafts = [], ...rest } = putAside(session);
  return { ...rest, drafts: drafts.filter(({ id }) => id !== draft.id), talk: draft };
}

type InTalk = Extract<Command, { do: 'answer' | 'fill' | 'edit' | 'negate' | 'why' | 'skip' | 'confirm' }>;

function inTalk(command: InTalk, session: Session, world: World): Step {
  const named = 'talk' in command ? command.talk : undefined;
  const draft = session.drafts?.find(({ id }) => id === named);
  if (draft) return inTalk(command, reopened(session, draft), world);
  const { talk } = session;
  if (named !== undefined && named !== talk?.id) return gone(session);
  const intent = talk && world.catalogue.find(talk.intent);
  if (!talk || !intent) {
    const waiting = session.drafts?.length ? '有一件事还放着没办完，说“继续”接着办。' : '您可以说“报需求”或“看需求”，';
    return say(session, { text: `现在没有正在办的事。${waiting}说“帮助”看我能做什么。` }, 'idle');
  }
  const slot = intent.slots[talk.asking];
  switch (command.do) {
    case 'confirm':
      return talk.asking === CONFIRM ? advance(intent, talk, session, world, { confirmed: true }) : again(session, talk, world);
    case 'answer':
      return fill(intent, talk, talk.asking, command.words, session, world);
    case 'fill':
      if (command.slot === WHICH) return again(session, talk, world);
      return fill(
        intent,
        { ...talk, said: { ...talk.said, ...command.also } },
        command.slot,
        command.words,
        session,
        world,
        command.note,
      );
    case 'edit':
      return command.slot in intent.slots ? ask(intent, talk, command.slot, session, world) : gone(session);
    case 'negate': {
      const left = intent.slots[command.slot]?.choices?.filter(({ say: words }) => words !== command.choice) ?? [];
      const [single] = left;
      if (left.length === 1 && single) return fill(intent, talk, command.slot, single.say, session, world);
      const asked: Talk = { ...talk, asking: command.slot };
      return say(
        { ...session, talk: asked },
        question(intent, asked, world, '好的，不要这一项。请从剩下的里选：', command.choice),
        'asks',
      );
    }
    case 'why':
      return again(
        session,
        talk,
        world,
        slot?.why ??
          (slot
            ? `${slot.label}是“${intent.title}”要用到的，办的人要看。`
            : `这是“${intent.title}”的最后一步，核对好了再提交，提交以后才算数。`),
      );
    case 'skip':
      if (!slot) return again(session, talk, world);
      if (!isOptional(slot, talk.said))
        return again(session, talk, world, `${slot.label}是必须的，没有它办不成。实在不方便说，可以说“取消”。`);
      return fill(intent, talk, talk.asking, '', session, world);
  }
}

type Draft = Omit<Talk, 'asking'>;

function fill(intent: Intent, talk: Draft, name: string, words: string, session: Session, world: World, note?: string): Step {
  if (name === STANDING) {
    const standings = intent.who.standings(world.person);
    const title = words.trim();
    const named = standings.filter((s) => s.id === title || s.title.includes(title));
    const chosen = only(named) ?? standings[(placeIn(title) ?? 0) - 1];
    return chosen
      ? advance(intent, { ...talk, standing: chosen.id }, session, world)
      : ask(intent, talk, STANDING, session, world, `没有“${title.slice(0, 20)}”这个身份，请从下面选一个。`);
  }
  const slot = intent.slots[name];
  if (!slot) return gone(session);
  const { also, ...alone } = talk;
  const kept = name === 'number' || !also ? alone : talk;
  // What the words of before implied goes with them.
  const old = implied(intent, talk.said, world.now);
  const said = Object.fromEntries(Object.entries(talk.said).filter(([each, value]) => old[each] !== value));
  return advance(intent, { ...kept, said: { ...said, [name]: words } }, session, world, { note });
}

/** In canonical words. */
function implied(intent: Intent, said: Said, now: Date): Said {
  const found = Object.entries(intent.implies?.(said) ?? {}).flatMap(([name, words]): [string, string][] => {
    const slot = intent.slots[name];
    const value = slot && canonical(slot, words, { now });
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(found);
}

/** What is still missing is asked for, then the confirmation; when nothing is, the intent runs. */
type How = { confirmed?: boolean; guessed?: boolean; note?: string | undefined };

function advance(
  intent: Intent,
  talk: Draft,
  session: Session,
  world: World,
  { confirmed = false, guessed = false, note }: How = {},
): Step {
  const standings = intent.who.standings(world.person);
  if (standings.length === 0)
    return say(session, { text: intent.who.otherwiseFor?.(talk.said) ?? intent.who.otherwise }, 'refused');
  if (intent.where === 'private' && world.place === 'group') return { do: 'move' };
  if (intent.where === 'group' && world.place === 'single') {
    return say(session, { text: `“${intent.title}”要在那个群里办：请到群里说“@${world.botName} ${intent.title}”。` }, 'refused');
  }

  const isOne = intent.who.bySubject || standings.length === 1;
  // In which standings one may act says more than a group may read.
  if (!isOne && world.place === 'group') return { do: 'move' };
  const standing = intent.who.bySubject ? standings[0] : (standings.find((s) => s.id === talk.standing) ?? only(standings));
  if (!standing) return ask(intent, talk, STANDING, session, world);

  const read = readSlots(
    intent,
    { ...implied(intent, talk.said, world.now), ...talk.said },
    { ...world.person, standing },
    {
      now: world.now,
      ...(session.list ? { list: session.list } : {}),
      ...(session.recent === undefined ? {} : { recent: session.recent }),
    },
  );
  const draft: Draft = { ...talk, said: read.said, standing: standing.id };
  if (read.open !== undefined) return ask(intent, draft, read.open, session, world, read.reason);
  const confirms = intent.confirm !== undefined || (guessed && !intent.reads);
  if (confirms && !confirmed) {
    const also = draft.also ? { also: draft.also } : {};
    return {
      ...ask(intent, draft, CONFIRM, session, world, note),
      confirming: { intent, values: read.values, standing, ...also },
    };
  }

  const { talk: open, ...rest } = session;
  const ends = open?.id === talk.id;
  // Asked about in another way, and now said outright: nothing of it is left to be asked.
  const isSame = open?.intent === intent.name && Object.entries(open.said).every(([name, words]) => read.said[name] === words);
  const others = (draft.also ?? []).map((number): Planned => ({
    intent: intent.name,
    said: { ...draft.said, number },
    confirmed: true,
  }));
  const plan = others.length > 0 ? { plan: [...others, ...(session.plan ?? [])] } : {};
  const after: Session = { ...(ends || isSame || !open ? rest : session), ...plan };
  return { do: 'run', session: after, intent, values: read.values, standing, ...(ends ? { talk: talk.id } : {}) };
}

function only(standings: readonly Standing[]): Standing | undefined {
  return standings.length === 1 ? standings[0] : undefined;
}

/** The number of what was carried out last, where it is one of that kind. */
function recentFor(slot: Slot<unknown>, reading: Reading): string | undefined {
  const { recent } = reading;
  return recent !== undefined && canonical(slot, recent, reading) !== undefined ? recent : undefined;
}

/** Words that a slot refuses are dropped and asked for again; what was said well is kept, in canonical words. */
function readSlots(intent: Intent, said: Said, actor: Person & { standing: Standing }, reading: Reading) {
  const kept: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  let open: string | undefined;
  let reason: string | undefined;
  for (const [name, slot] of Object.entries(intent.slots)) {
    const words = said[name] ?? (slot.recent ? recentFor(slot, reading) : undefined) ?? slot.preset?.(actor);
    if (words === undefined || (slot.optional && words === '')) {
      if (!isOptional(slot, kept)) open ??= name;
      // None wanted, whatever other words imply.
      else if (words === '') kept[name] = '';
      continue;
    }
    try {
      const value = slot.parse(words, reading);
      values[name] = value;
      kept[name] = slot.say(value);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (reason === undefined) [open, reason] = [name, error.message];
    }
  }
  return { said: kept, values, open, reason };
}

function ask(intent: Intent, draft: Draft, asking: string, session: Session, world: World, reason?: string): Saying {
  const talk: Talk = { ...draft, asking };
  const before = session.talk && session.talk.id !== talk.id ? putAside(session) : session;
  return say({ ...before, talk }, question(intent, talk, world, reason), 'asks');
}

function again(session: Session, talk: Talk, world: World, reason?: string): Step {
  const intent = world.catalogue.find(talk.intent);
  return intent ? ask(intent, talk, talk.asking, session, world, reason) : gone(session);
}

/** The open question once more, with why it stands again; undefined when none is open. */
export function openQuestion(session: Session, world: World, reason: string): Message | undefined {
  const { talk } = session;
  const intent = talk && world.catalogue.find(talk.intent);
  if (!talk || !intent) return undefined;
  return talk.asking === CONFIRM
    ? { text: `${reason}“${intent.title}”填好了，核对过就说“确认”。` }
    : question(intent, talk, world, reason);
}

/** The confirmation once more; undefined when the conversation is no longer there. */
export function confirmAgain(session: Session, world: World, reason: string): Message | undefined {
  const intent = session.talk && world.catalogue.find(session.talk.intent);
  return intent && session.talk?.asking === CONFIRM ? question(intent, session.talk, world, reason) : undefined;
}

function cancel(talkId: string | undefined, session: Session, world: World): Step {
  const draft = session.drafts?.find(({ id }) => id === talkId);
  if (draft) return cancel(talkId, reopened(session, draft), world);
  const { talk, ...rest } = session;
  if (talkId !== undefined && talkId !== talk?.id) return gone(session);
  if (!talk) {
    const { recent, did } = session;
    const intent = did === undefined ? undefined : world.catalogue.find(did);
    const way = recent === undefined ? undefined : intent?.undo?.instead({ subject: recent });
    const done = intent && way ? `刚才办的是“${intent.title}”（${recent}）。${way}` : '';
    return say(session, { text: `现在没有正在填的事，不用取消。${done}说“帮助”看我能做什么。` }, 'idle');
  }
  const title = world.catalogue.find(talk.intent)?.title ?? '刚才那件事';
  return say(rest, { text: `已取消“${title}”，什么都没有提交。` }, 'cancelled');
}

/** A button of a conversation that is over, of somebody else's, or of a removed intent. */
function gone(session: Session): Step {
  return say(
    session,
    { text: '这张卡片不是您的，或者已经过期了，没有办任何事。您可以直接说出要办的事，说“帮助”看我能做什么。' },
    'foreign',
  );
}

function say(session: Session, message: Message, kind: SayKind = 'info'): Saying {
  return { do: 'say', session, message, kind };
}
