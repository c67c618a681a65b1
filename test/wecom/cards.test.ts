/** Every neutral card as a template_card that the platform takes, at both doors, and dead in the way that works. */
import { describe, expect, test } from 'vitest';
import type { Card, Pick } from '../../src/bot/reply.ts';
import { tap } from '../../src/bot/tap.ts';
import { cardFromXml, readCard } from '../../src/playground/card.ts';
import { readXml } from '../../src/playground/wire.ts';
import { asCard, asText } from '../../src/wecom/answer.ts';
import { toTemplateCard, toXmlCard } from '../../src/wecom/cards.ts';
import { buildXml, type XmlNode } from '../../src/wecom/envelope.ts';

const submit = { text: '提交', tap: tap('survey.answer') };
const option = (n: number) => ({ say: `o${n}`, show: `第${n}天` });
const pick = (slot: string, options: number, more: Partial<Pick> = {}): Pick => ({
  slot,
  label: slot,
  options: Array.from({ length: options }, (_, n) => option(n)),
  ...more,
});

const CARDS: [string, Card][] = [
  ['button_interaction', { title: '请核对', note: '一条', facts: [['类别', 'C类']], quote: '车间缺急救培训', buttons: [submit] }],
  ['button_interaction', { title: '请核对', picks: [pick('class', 3)], buttons: [submit, { text: '取消', tap: tap('x.y') }] }],
  ['vote_interaction', { title: '哪天方便', picks: [pick('day', 20, { many: true, chosen: ['o1'] })], buttons: [submit] }],
  ['vote_interaction', { title: '选一天', picks: [pick('day', 11)], buttons: [submit] }],
  [
    'multiple_interaction',
    { title: '补充', quote: '说明', picks: [pick('len', 10), pick('pri', 2), pick('who', 1)], buttons: [submit] },
  ],
  ['text_notice', { title: '已登记', quote: '长话', link: 'https://example.org/t/1' }],
  ['news_notice', { title: '周报', link: 'https://example.org/t/1', picture: { url: 'https://example.org/p.png', ratio: 1.5 } }],
];

describe.each(['bot', 'app'] as const)('%s', (door) => {
  test.each(CARDS)('%s is taken', (type, card) => {
    const sent = toTemplateCard(card, 't-1', '党建助手');
    expect(sent.card_type).toBe(type);
    expect(readCard(JSON.parse(JSON.stringify(sent)), door, 'send').problems).toEqual([]);
  });

  test.each(CARDS.filter(([type]) => type.endsWith('interaction')))(
    '%s is dead after its answer, of the same kind',
    (type, card) => {
      const over = toTemplateCard(asCard({ message: { text: '已登记' }, kind: 'done' }, card), 't-1', '党建助手');
      expect(over).toMatchObject({ card_type: type, replace_text: '已处理', task_id: 't-1' });
      expect(
        [over.checkbox, over.button_selection, ...(over.select_list ?? [])].every((each) => each === undefined || each.disable),
      ).toBe(true);
      expect(readCard(JSON.parse(JSON.stringify(over)), door, 'update').problems).toEqual([]);
    },
  );
});

test.each(CARDS)('%s survives as the XML of a passive update', (_, card) => {
  const sent = toTemplateCard(card, 't-1', '党建助手');
  const xml = readXml(buildXml({ TemplateCard: toXmlCard(sent) }));
  const { task_id: _task, ...rest } = sent;
  expect(cardFromXml(xml['TemplateCard'] as XmlNode)).toEqual(JSON.parse(JSON.stringify(rest)));
});

test.each<[string, Card]>([
  ['seven buttons', { title: 'x', buttons: Array.from({ length: 7 }, (_, n) => ({ text: `${n}`, tap: tap(`i.${n}`) })) }],
  ['no button', { title: 'x' }],
  ['two buttons with one key', { title: 'x', buttons: [submit, submit] }],
  ['a key that is too long', { title: 'x', buttons: [{ text: 'x', tap: tap('i', { words: '长'.repeat(400) }) }] }],
  ['21 boxes', { title: 'x', picks: [pick('a', 21, { many: true })], buttons: [submit] }],
  ['11 options beside another pick', { title: 'x', picks: [pick('a', 11), pick('b', 1)], buttons: [submit] }],
  ['four picks', { title: 'x', picks: ['a', 'b', 'c', 'd'].map((slot) => pick(slot, 1)), buttons: [submit] }],
  ['boxes beside another pick', { title: 'x', picks: [pick('a', 2, { many: true }), pick('b', 2)], buttons: [submit] }],
  ['picks of one slot', { title: 'x', picks: [pick('a', 1), pick('a', 1)], buttons: [submit] }],
  ['an option without words', { title: 'x', picks: [pick('a', 0, { options: [{ say: '', show: 'x' }] })], buttons: [submit] }],
  [
    'an option that is too long',
    { title: 'x', picks: [pick('a', 0, { options: [{ say: '长'.repeat(43), show: 'x' }] })], buttons: [submit] },
  ],
  ['a link that is none', { title: 'x', link: 'javascript:alert(1)' }],
  ['a flat picture', { title: 'x', link: 'https://example.org', picture: { url: 'https://example.org/p', ratio: 3 } }],
  ['seven facts', { title: 'x', facts: Array.from({ length: 7 }, () => ['a', 'b'] as const), buttons: [submit] }],
])('%s is a fault of ours', (_, card) => {
  expect(() => toTemplateCard(card, 't-1', '党建助手')).toThrow(/^card: /);
});

test('where no card can be shown every choice and button is words', () => {
  const [, boxes] = CARDS[3]!;
  expect(asText({ card: boxes })).toContain('可以回复：“第0天”、“第1天”');
  const [, several] = CARDS[4]!;
  expect(asText({ card: several }, '党建助手')).toContain('len：第0天、第1天');
  expect(asText({ card: several }, '党建助手')).toContain('可以回复：“@党建助手 提交”');
});
