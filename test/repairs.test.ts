/** What people do to forms, run over every intent: answer, cancel, correct, digress, say nonsense, press what is over. */
import { describe, expect, test } from 'vitest';
import type { Person, Standing } from '../src/bot/actor.ts';
import { createCatalogue } from '../src/bot/catalogue.ts';
import { step, type Step } from '../src/bot/dialogue.ts';
import { carried } from '../src/bot/relay.ts';
import type { World } from '../src/bot/questions.ts';
import type { Intent } from '../src/bot/intent.ts';
import { CONFIRM, type Session } from '../src/bot/session.ts';
import type { Slot } from '../src/bot/slot.ts';
import { readTap, writeTap } from '../src/bot/tap.ts';
import { understandTap, understandText } from '../src/bot/understand.ts';
import { MODULES } from '../src/modules.ts';
import { ROLE } from '../src/people/index.ts';

const catalogue = createCatalogue(MODULES);
const county = { id: 'county', name: '县', shortName: '县', kind: 'COUNTY' };
const town = { id: 'town', name: '镇', shortName: '镇', kind: 'TOWN', parent: county };
const branch = { id: 'branch', name: '支部', shortName: '支部', kind: 'BRANCH', parent: town };
const standings: Standing[] = Object.keys(ROLE).map((role) => ({ id: role, role, title: role, organisation: branch }));
/** Holds one standing that fits each intent, so that 以谁的身份 does not come up. */
const personFor = (intent: Intent): Person => {
  const [fits] = intent.who.standings({ id: 'p', userId: 'p', name: '某人', called: '某同志', standings });
  return { id: 'p', userId: 'p', name: '某人', called: '某同志', standings: fits ? [fits] : [] };
};

let ids = 0;
const worldFor = (intent: Intent): World => ({
  person: personFor(intent),
  place: intent.where === 'group' ? 'group' : 'single',
  now: new Date('2026-11-24T02:00:00Z'),
  catalogue,
  botName: '党建助手',
  newId: () => `talk${ids++}`,
});

/** Words that every slot of this kind understands. */
function words(slot: Slot<unknown>): string {
  const numbers = [...'CABDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}-2026-0001`);
  for (const said of [
    slot.choices?.[0]?.show,
    ...numbers,
    '11月30日',
    '30人',
    '5000元',
    '2026年',
    '今天',
    '2次',
    '租车1200元',
    '陈志远',
    '车间缺急救培训',
    '2026-11-24T02:00:00.000Z~x',
    '审核时限',
    '5天',
    '13800001234',
    '好 95',
    '上季度',
    '45元',
  ]) {
    try {
      if (said !== undefined) slot.parse(said, { now: new Date('2026-11-24T02:00:00Z') });
      if (said !== undefined) return said;
    } catch {
      continue;
    }
  }
  throw new Error(`no words for ${slot.label}`);
}

/** From a bare start to the first thing that is neither a question about a slot nor refused. */
function walk(intent: Intent, world: World): { last: Step; sessions: Session[] } {
  let last = step({ do: 'start', intent: intent.name, said: {} }, {}, world);
  const sessions: Session[] = [];
  while (last.do === 'say' && last.kind === 'asks' && last.session.talk && last.session.talk.asking !== CONFIRM) {
    sessions.push(last.session);
    const slot = intent.slots[last.session.talk.asking];
    if (!slot) throw new Error(`asks for ${last.session.talk.asking}`);
    last = step({ do: 'answer', words: words(slot) }, last.session, world);
  }
  if (last.do === 'say') sessions.push(last.session);
  return { last, sessions };
}

describe.each(catalogue.intents.map((intent) => ({ name: intent.name, intent })))('$name', ({ intent }) => {
  const world = worldFor(intent);
  const { last, sessions } = walk(intent, world);

  test('asked for everything missing, then confirmed or run', () => {
    const confirmed = last.do === 'say' ? step({ do: 'confirm' }, last.session, world) : last;
    expect(confirmed).toMatchObject({ do: 'run', intent: { name: intent.name } });
    for (const [name, slot] of Object.entries(intent.slots)) {
      if (!slot.optional) expect(confirmed).toHaveProperty(['values', name]);
    }
  });

  test('取消 leaves nothing open, at any point', () => {
    for (const session of sessions) {
      const cancelled = step(understandText('取消', session, catalogue), session, world);
      expect(cancelled).toMatchObject({ do: 'say', kind: 'cancelled' });
      expect(cancelled.do === 'say' && cancelled.session.talk).toBe(undefined);
    }
  });

  test('another matter in between leaves the open one where it was', () => {
    for (const session of sessions) {
      const help = step(understandText('帮助', session, catalogue), session, world);
      expect(help).toMatchObject({ do: 'say', session });
      const board = step(understandText('看需求', session, catalogue), session, world);
      expect(board).toMatchObject({ do: 'run', session });
    }
  });

  test('every value can be corrected by its label, as often as one likes', () => {
    for (const [name, slot] of Object.entries(intent.slots)) {
      const confirming = sessions.find(({ talk }) => talk?.asking === CONFIRM);
      const later = sessions.find(({ talk }) => talk && name in talk.said);
      const session = confirming ?? later;
      if (!session) continue;
      const plain = [`${slot.label}改成${words(slot)}`, `把${slot.label}改为${words(slot)}`];
      for (const sentence of confirming ? [...plain, `改${slot.label} ${words(slot)}`] : plain) {
        expect(understandText(sentence, session, catalogue)).toEqual({ do: 'fill', slot: name, words: words(slot) });
      }
    }
  });

  test('at the confirmation a choice is changed by its own words alone, where only one list has them', () => {
    const session = sessions.find(({ talk }) => talk?.asking === CONFIRM);
    if (!session) return;
    for (const [name, slot] of Object.entries(intent.slots)) {
      for (const { show } of slot.choices ?? []) {
        const owners = Object.values(intent.slots).filter((each) => each.owns?.(show));
        // Words that are an order of their own, or yes or no, stay so.
        if (owners.length !== 1 || ['start', 'confirm', 'cancel'].includes(understandText(show, session, catalogue).do)) continue;
        expect(understandText(show, session, catalogue)).toEqual({ do: 'fill', slot: name, words: show });
      }
    }
  });

  test('a list is answered by number, ring, letter or ordinal; a choice’s own letter wins', () => {
    for (const session of sessions) {
      const { talk } = session;
      const slot = talk && intent.slots[talk.asking];
      if (!talk || !slot) continue;
      // Rings and letters go as far as ten.
      for (const [i, { say }] of (slot.choices ?? []).slice(0, 10).entries()) {
        for (const said of [`${i + 1}`, '①②③④⑤⑥⑦⑧⑨⑩'.charAt(i), `第${i + 1}个`, 'ABCDEFGHIJ'.charAt(i)]) {
          const meant = slot.owns?.(said) ? slot.parse(said, { now: world.now }) : slot.parse(say, { now: world.now });
          const command = understandText(said, session, catalogue);
          expect(command).toEqual({ do: 'answer', words: said });
          expect(slot.parse(said, { now: world.now })).toBe(meant);
        }
      }
      if (talk.asking !== 'number') continue;
      let number = '';
      try {
        number = slot.say(slot.parse(words(slot), { now: world.now }));
      } catch {
        continue;
      }
      const listed = { ...session, list: [number, number.replace('0001', '0002')] };
      for (const said of ['1', '①', 'A', '第一个', '选A']) {
        const after = step(understandText(said, listed, catalogue), listed, world);
        const kept = after.do === 'run' ? after.values.number : after.do === 'say' && after.session.talk?.said.number;
        expect(kept).toBe(number);
      }
      for (const said of ['1和2', 'A、B', '第一个和第二个', number + '，' + number.replace('0001', '0002')]) {
        const several = understandText(said, listed, catalogue);
        expect(several).toMatchObject({ do: 'plan', alike: true });
        expect(several.do === 'plan' && several.wants.map((want) => want.intent)).toEqual([intent.name, intent.name]);
      }
    }
  });

  test('撤销 gives up what is open and never runs it; with nothing open it takes back the last act', () => {
    for (const session of sessions) {
      const given = step(understandText('撤销', session, catalogue), session, world);
      expect(given).toMatchObject({ do: 'say', kind: 'cancelled' });
    }
    expect(understandText('撤销', {}, catalogue)).toEqual({ do: 'start', intent: 'act.undo', said: {} });
  });

  test('转人工 at any point calls somebody, says what was open, and loses nothing said', () => {
    for (const session of sessions) {
      if (world.place === 'group') continue;
      const called = step(understandText('转人工', session, catalogue), session, world);
      expect(called).toMatchObject({
        do: 'run',
        intent: { name: 'human.ask' },
        values: { about: `（正在办“${intent.title}”）` },
        session: { talk: session.talk },
      });
    }
  });

  test('in a talk with somebody its own sentences are carried, not carried out', () => {
    const relay = catalogue.relay;
    if (!relay) throw new Error('nobody carries');
    for (const sentence of intent.says) {
      const expected = relay.beside.includes(intent.name) ? intent.name : relay.carry;
      expect(carried(sentence, catalogue, relay)).toMatchObject({ do: 'start', intent: expected });
    }
  });

  test('nonsense never runs anything and is asked again with the reason', () => {
    for (const session of sessions) {
      const reply = step(understandText('？？？', session, catalogue), session, world);
      expect(reply).toMatchObject({ do: 'say', kind: 'asks' });
    }
  });

  test('a button of a conversation that is over does nothing', () => {
    for (const session of sessions) {
      const { talk } = session;
      if (!talk) continue;
      for (const press of ['confirm', 'cancel'] as const) {
        const key = writeTap({ talk: `${talk.id}x`, press });
        expect(step(understandTap(key), session, world)).toMatchObject({ do: 'say', kind: 'foreign', session });
      }
    }
  });

  test('who may not is told so and nothing opens', () => {
    const nobody = { ...world, person: { ...world.person, standings: [] } };
    const refused = step({ do: 'start', intent: intent.name, said: {} }, {}, nobody);
    expect(refused).toMatchObject({ do: 'say', kind: 'refused', session: {}, message: { text: intent.who.otherwise } });
  });

  test('slots: parse(say(x)) = x', () => {
    for (const slot of Object.values(intent.slots)) {
      const value = slot.parse(words(slot), { now: world.now });
      expect(slot.parse(slot.say(value), { now: world.now })).toEqual(value);
    }
  });
});

test('a key that is none of ours, of a removed intent or of an unknown slot is answered, never run', () => {
  const [intent] = catalogue.intents;
  if (!intent) throw new Error('no intent');
  const world = worldFor(intent);
  for (const key of [
    '',
    'done',
    'nothing?x=1',
    '~talk?',
    '~talk?slot=none&say=1',
    '🙂?',
    'a'.repeat(1024),
    '%%%?%%%',
    '~?press=confirm',
  ]) {
    expect(step(understandTap(key), {}, world).do).toBe('say');
  }
  expect(readTap(writeTap({ intent: 'need.create', said: { summary: '两吨 & 一件=?' } }))).toEqual({
    intent: 'need.create',
    said: { summary: '两吨 & 一件=?' },
  });
});
