/** One step of a conversation, pure: a command and the session before → the session after, and what to say or to run. */
import { Refusal } from '../kernel/refusal.ts';
import type { Person, Standing } from './actor.ts';
import type { Catalogue } from './catalogue.ts';
import type { Place } from './ctx.ts';
import type { Intent } from './intent.ts';
import { CARD, type Button, type Card, type Message } from './reply.ts';
import { CONFIRM, STANDING, type Session, type Talk } from './session.ts';
import type { Choice, Reading, Said, Slot } from './slot.ts';
import { tap } from './tap.ts';
import type { Command } from './understand.ts';

export type World = {
  readonly person: Person;
  readonly place: Place;
  readonly now: Date;
  readonly catalogue: Catalogue;
  /** The name to @ in a group. */
  readonly botName: string;
  newId(): string;
};

/**
 * `asks`: an answer is expected. `idle`: there is nothing to confirm.
 * `foreign`: the button's conversation is over or somebody else's, so only the presser sees the reply.
 */
export type SayKind = 'info' | 'asks' | 'refused' | 'cancelled' | 'idle' | 'foreign';

export type Step =
  | { readonly do: 'say'; readonly session: Session; readonly message: Message; readonly kind: SayKind }
  /** `session` is the one to keep when it went well. */
  | {
      readonly do: 'run';
      readonly session: Session;
      readonly intent: Intent;
      readonly values: Readonly<Record<string, unknown>>;
      readonly standing: Standing;
      /** Set when the run ends an open conversation: its id is then claimed, so that it runs once. */
      readonly talk?: string;
    }
  /** The matter belongs in the person's own chat. */
  | { readonly do: 'move' };

export function step(command: Command, session: Session, world: World): Step {
  switch (command.do) {
    case 'start': {
      const intent = world.catalogue.find(command.intent);
      if (!intent) return gone(session);
      const talk = { id: world.newId(), intent: intent.name, said: command.said };
      return advance(intent, talk, session, world);
    }
    case 'help':
      return say(session, { card: helpCard(world) });
    case 'lost':
      return session.talk?.asking === CONFIRM ? again(session, session.talk, world) : say(session, { card: lostCard(world) });
    case 'cancel':
      return cancel(command.talk, session, world);
    case 'answer':
    case 'fill':
    case 'edit':
    case 'confirm':
      return inTalk(command, session, world);
  }
}

function inTalk(command: Exclude<Command, { do: 'start' | 'help' | 'lost' | 'cancel' }>, session: Session, world: World): Step {
  const { talk } = session;
  const named = 'talk' in command ? command.talk : undefined;
  if (named !== undefined && named !== talk?.id) return gone(session);
  const intent = talk && world.catalogue.find(talk.intent);
  if (!talk || !intent) {
    return say(session, { text: '现在没有正在办的事。您可以说“报需求”或“看需求”，说“帮助”看我能做什么。' }, 'idle');
  }
  switch (command.do) {
    case 'confirm':
      return talk.asking === CONFIRM ? advance(intent, talk, session, world, { confirmed: true }) : again(session, talk, world);
    case 'answer':
      return fill(intent, talk, talk.asking, command.words, session, world);
    case 'fill':
      return fill(intent, talk, command.slot, command.words, session, world);
    case 'edit':
      return command.slot in intent.slots ? ask(intent, talk, command.slot, session, world) : gone(session);
  }
}

type Draft = Omit<Talk, 'asking'>;

function fill(intent: Intent, talk: Draft, name: string, words: string, session: Session, world: World): Step {
  if (name === STANDING) {
    const standings = intent.who.standings(world.person);
    const chosen = standings.find((s) => s.id === words || s.title === words) ?? standings[Number(words) - 1];
    return chosen
      ? advance(intent, { ...talk, standing: chosen.id }, session, world)
      : ask(intent, talk, STANDING, session, world);
  }
  const slot = intent.slots[name];
  if (!slot) return gone(session);
  return advance(intent, { ...talk, said: { ...talk.said, [name]: words } }, session, world);
}

/** What is still missing is asked for, then the confirmation; when nothing is, the intent runs. */
function advance(intent: Intent, talk: Draft, session: Session, world: World, { confirmed = false } = {}): Step {
  const standings = intent.who.standings(world.person);
  if (standings.length === 0) return say(session, { text: intent.who.otherwise }, 'refused');
  if (intent.where === 'private' && world.place === 'group') return { do: 'move' };

  const standing = intent.who.bySubject ? standings[0] : (standings.find((s) => s.id === talk.standing) ?? only(standings));
  if (!standing) return ask(intent, talk, STANDING, session, world);

  const read = readSlots(
    intent,
    talk.said,
    { ...world.person, standing },
    { now: world.now, ...(session.list ? { list: session.list } : {}) },
  );
  const draft: Draft = { ...talk, said: read.said, standing: standing.id };
  if (read.open !== undefined) return ask(intent, draft, read.open, session, world, read.reason);
  if (intent.confirm !== undefined && !confirmed) return ask(intent, draft, CONFIRM, session, world);

  const ends = session.talk?.id === talk.id;
  const { talk: open, ...rest } = session;
  const after: Session = ends || !open ? rest : session;
  return { do: 'run', session: after, intent, values: read.values, standing, ...(ends ? { talk: talk.id } : {}) };
}

function only(standings: readonly Standing[]): Standing | undefined {
  return standings.length === 1 ? standings[0] : undefined;
}

/** Words that a slot refuses are dropped and asked for again; what was said well is kept, in canonical words. */
function readSlots(intent: Intent, said: Said, actor: Person & { standing: Standing }, reading: Reading) {
  const kept: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  let open: string | undefined;
  let reason: string | undefined;
  for (const [name, slot] of Object.entries(intent.slots)) {
    const words = said[name] ?? slot.preset?.(actor);
    if (words === undefined) {
      if (!slot.optional) open ??= name;
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

function ask(intent: Intent, draft: Draft, asking: string, session: Session, world: World, reason?: string): Step {
  const talk: Talk = { ...draft, asking };
  return say({ ...session, talk }, question(intent, talk, world, reason), 'asks');
}

function again(session: Session, talk: Talk, world: World): Step {
  const intent = world.catalogue.find(talk.intent);
  return intent ? ask(intent, talk, talk.asking, session, world) : gone(session);
}

/** The open question once more, with why it stands again; undefined when the conversation is no longer at its confirmation. */
export function confirmAgain(session: Session, world: World, reason: string): Message | undefined {
  const intent = session.talk && world.catalogue.find(session.talk.intent);
  return intent && session.talk?.asking === CONFIRM ? question(intent, session.talk, world, reason) : undefined;
}

function question(intent: Intent, talk: Talk, world: World, reason?: string): Message {
  if (talk.asking === CONFIRM) return { card: confirmCard(intent, talk, world, reason) };
  if (talk.asking === STANDING) {
    const choices = intent.who.standings(world.person).map((s) => ({ say: s.id, show: s.title }));
    return choiceQuestion('您以谁的身份办这件事？', choices, talk, reason);
  }
  const slot = intent.slots[talk.asking] as Slot<unknown>;
  const words = typeof slot.ask === 'string' ? slot.ask : slot.ask(talk.said);
  if (slot.choices) return choiceQuestion(words, slot.choices, talk, reason);
  const how = world.place === 'group' ? `（在群里请@${world.botName} 回复；不办了就@我说“取消”）` : '（不办了就说“取消”）';
  return { text: [...(reason ? [reason] : []), words + how].join('\n') };
}

function choiceQuestion(title: string, choices: readonly Choice[], talk: Talk, reason?: string): Message {
  const lines = choices.map((choice, i) => `${i + 1}. ${choice.show}`);
  if (choices.length >= CARD.buttons) {
    return { text: [...(reason ? [reason] : []), title, ...lines, '请回复序号；不办了就说“取消”。'].join('\n') };
  }
  const isLong = choices.some(({ show }) => [...show].length > CARD.buttonText);
  const quote = [...(reason ? [reason] : []), ...(isLong ? lines : [])].join('\n');
  const buttons = choices.map(({ say, show }, i): Button => ({
    text: isLong ? `第${i + 1}个` : show,
    tap: { talk: talk.id, slot: talk.asking, say },
  }));
  const cancelled: Button = { text: '取消', tap: { talk: talk.id, press: 'cancel' } };
  return { card: { title, ...(quote ? { quote } : {}), buttons: [...buttons, cancelled] } };
}

/** Derived: each slot's label and what people read of its value; a button to correct each. */
function confirmCard(intent: Intent, talk: Talk, world: World, reason?: string): Card {
  const standings = intent.who.standings(world.person);
  const facts: [string, string][] = [];
  if (standings.length > 1) facts.push(['身份', standings.find((s) => s.id === talk.standing)?.title ?? '']);
  const long = reason === undefined ? [] : [reason];
  const edits: Button[] = [];
  for (const [name, slot] of Object.entries(intent.slots)) {
    const words = talk.said[name];
    if (words === undefined) continue;
    const shown = slot.show(slot.parse(words, { now: world.now }));
    if ([...shown].length <= 26) facts.push([slot.label, shown]);
    else long.push(`${slot.label}：${shown}`);
    if (edits.length < CARD.buttons - 2) edits.push({ text: `改${slot.label}`, tap: { talk: talk.id, slot: name } });
  }
  return {
    title: intent.confirm ?? '',
    facts,
    ...(long.length > 0 ? { quote: long.join('\n') } : {}),
    buttons: [
      { text: '确认', tap: { talk: talk.id, press: 'confirm' }, look: 'primary' },
      ...edits,
      { text: '取消', tap: { talk: talk.id, press: 'cancel' } },
    ],
  };
}

function cancel(talkId: string | undefined, session: Session, world: World): Step {
  const { talk, ...rest } = session;
  if (talkId !== undefined && talkId !== talk?.id) return gone(session);
  if (!talk) return say(session, { text: '现在没有正在办的事，不用取消。说“帮助”看我能做什么。' });
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

function helpCard(world: World): Card {
  const intents = world.catalogue.for(world.person);
  return {
    title: '我能帮您办这些',
    quote: intents.map((intent) => intent.help).join('\n'),
    buttons: startButtons(intents),
  };
}

function lostCard(world: World): Card {
  return {
    title: '没听明白，请换个说法',
    note: '可以点下面的按钮，或说“帮助”',
    buttons: startButtons(world.catalogue.for(world.person)),
  };
}

/** Only what can be started without a number in hand. */
function startButtons(intents: readonly Intent[]): Button[] {
  return intents
    .filter((intent) => intent.where === 'anywhere' && !('number' in intent.slots))
    .slice(0, CARD.buttons)
    .map((intent) => ({ text: intent.title, tap: tap(intent.name) }));
}

function say(session: Session, message: Message, kind: SayKind = 'info'): Step {
  return { do: 'say', session, message, kind };
}
