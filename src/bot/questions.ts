/** What the engine asks and shows of its own: questions, the confirmation, help. All derived from the intents. */
import { CORE } from '../nlu/core.ts';
import type { Catalogue } from './catalogue.ts';
import type { Person } from './actor.ts';
import type { Place } from './ctx.ts';
import type { Intent } from './intent.ts';
import { CARD, type Button, type Card, type Message } from './reply.ts';
import { CONFIRM, STANDING, WHICH, type Menu, type Session, type Talk } from './session.ts';
import { isOptional, type Choice, type Slot } from './slot.ts';
import { tap } from './tap.ts';

export type World = {
  readonly person: Person;
  readonly place: Place;
  readonly now: Date;
  readonly catalogue: Catalogue;
  /** The name to @ in a group. */
  readonly botName: string;
  /** Where help is wanted: what waits for this person. */
  readonly waiting?: readonly string[];
  newId(): string;
};

/** The open question of a conversation. `reason`: why it stands (again). `without`: a choice the person does not want. */
export function question(intent: Intent, talk: Talk, world: World, reason?: string, without?: string): Message {
  if (talk.asking === CONFIRM) return { card: confirmCard(intent, talk, world, reason) };
  if (talk.asking === STANDING) {
    const choices = intent.who.standings(world.person).map((s) => ({ say: s.id, show: s.title }));
    return choiceQuestion('您以谁的身份办这件事？', choices, talk, reason);
  }
  const slot = intent.slots[talk.asking] as Slot<unknown>;
  const words = typeof slot.ask === 'string' ? slot.ask : slot.ask(talk.said);
  const choices = slot.choices?.filter(({ say }) => say !== without);
  if (choices) return choiceQuestion(words, choices, talk, reason);
  const skip = isOptional(slot, talk.said) ? '，可以说“跳过”' : '';
  const how =
    world.place === 'group' ? `（在群里请@${world.botName} 回复${skip}；不办了就@我说“取消”）` : `（不办了就说“取消”${skip}）`;
  return { text: [...(reason && reason !== words ? [reason] : []), words + how].join('\n') };
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
    if (words === undefined || words === '') continue;
    const own = slot.show(slot.parse(words, { now: world.now }));
    const shown = name === 'number' ? [own, ...(talk.also ?? [])].join('、') : own;
    if ([...shown].length <= 26 && facts.length < CARD.facts) facts.push([slot.label, shown]);
    else long.push(`${slot.label}：${shown}`);
    if (edits.length < CARD.buttons - 2) edits.push({ text: `改${slot.label}`, tap: { talk: talk.id, slot: name } });
  }
  return {
    title: intent.confirm ?? `要${intent.title}，对吗？`,
    facts,
    ...(long.length > 0 ? { quote: long.join('\n') } : {}),
    buttons: [
      { text: '确认', tap: { talk: talk.id, press: 'confirm' }, look: 'primary' },
      ...edits,
      { text: '取消', tap: { talk: talk.id, press: 'cancel' } },
    ],
  };
}

/** More than this nobody reads (rules.md row 116). */
const HELP_LINES = 6;

/** What waits for this person comes first, then what they may do. `all`: every title. */
export function helpMessage(world: World, session: Session, all = false): Message {
  const intents = world.catalogue.for(world.person);
  if (intents.length === 0) return NOTHING;
  if (all) return { text: `我能帮您办：${intents.map(({ title }) => title).join('、')}。\n直接说就行；不清楚就说“转人工”。` };
  const draft = session.talk ?? session.drafts?.at(-1);
  const open = draft && world.catalogue.find(draft.intent);
  const now = [...(open ? [`“${open.title}”还没办完：说“继续”`] : []), ...(world.waiting ?? [])].slice(0, HELP_LINES - 2);
  const more = intents.length > HELP_LINES ? ['还有别的说“全部功能”，找人说“转人工”'] : [];
  const first = startable(intents, world.place);
  const sorted = [...first, ...intents.filter((intent) => !first.includes(intent))];
  const lines = sorted.slice(0, HELP_LINES - now.length - more.length).map(({ help }) => help);
  return {
    card: { title: '我能帮您办这些', quote: [...now, ...lines, ...more].join('\n'), buttons: startButtons(intents, world) },
  };
}

/** Which of these was meant? */
export function whichCard(menu: Menu, world: World): Card {
  const buttons = menuButtons(menu, world);
  return { title: '您是想办哪一件？', buttons: [...buttons, { text: '都不是', tap: { talk: menu.id, press: 'cancel' } }] };
}

function menuButtons({ id, intents }: Menu, world: World): Button[] {
  return intents.map((intent) => ({ text: titleOf(intent, world), tap: { talk: id, slot: WHICH, say: intent } }));
}

function titleOf(intent: string, { catalogue }: World): string {
  return catalogue.find(intent)?.title ?? CORE[intent]?.title ?? intent;
}

/** Nothing was understood. `again`: for the second time in a row, where nobody can be called at once. `menu`: what can be made of the words all the same. */
export function lostMessage(world: World, again: boolean, menu?: Menu): Message {
  const { catalogue, person } = world;
  const taken = menu ? menuButtons(menu, world) : [];
  const others = catalogue.for(person).filter(({ name }) => !menu?.intents.includes(name));
  const buttons = [...taken, ...startButtons(others, world, CARD.buttons - taken.length)];
  if (buttons.length === 0) return NOTHING;
  const human = catalogue.relay && catalogue.find(catalogue.relay.ask);
  if (!again) {
    const orElse = human ? `，或说“${human.title}”` : '';
    const [kept] = taken;
    const quote = kept ? { quote: `有事要请人办，点“${kept.text}”，刚才这句就填好了。` } : {};
    return { card: { title: '没听明白，请换个说法', note: `可以点下面的按钮，说“帮助”${orElse}`, ...quote, buttons } };
  }
  const call: readonly Button[] = human ? [{ text: human.title, tap: tap(human.name) }] : [];
  return {
    card: {
      title: '还是没听明白，对不起',
      quote: '您可以点下面的按钮，照着“帮助”里的例子说；也可以直接打电话或当面找您单位的党支部书记，请他帮您办。',
      buttons: [...call, ...buttons.filter(({ text }) => text !== human?.title)],
    },
  };
}

/** For who is on the roster in no standing. */
const NOTHING: Message = { text: '您的身份还没有登记，所以现在什么都办不了。请联系您单位的党支部书记登记，登记后马上能用。' };

/** What can be started there without a number in hand. */
function startable(intents: readonly Intent[], place: Place): Intent[] {
  const here = place === 'single' ? 'private' : 'group';
  return intents.filter(({ where, slots }) => (where === 'anywhere' || where === here) && !('number' in slots));
}

/** What is begun most, and somebody to talk to. */
function startButtons(intents: readonly Intent[], { place, catalogue }: World, room: number = CARD.buttons): Button[] {
  const human = intents.find(({ name }) => name === catalogue.relay?.ask);
  const others = startable(intents, place).filter((intent) => intent !== human);
  const shown = human ? [...others.slice(0, room - 1), human] : others.slice(0, room);
  return shown.map((intent) => ({ text: intent.title, tap: tap(intent.name) }));
}
