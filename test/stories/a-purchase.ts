/** A group purchase of the demo alliance, for the stories that begin with one. */
import { expect } from 'vitest';
import { ALLIANCE, read, type Chat } from '../chat.ts';

/** G-2026-0001 of the demo alliance: gloves in boxes of ten, from 100 on 45 元, from 200 on 42; closes on 27 November at 17:00. */
export async function opened(
  chat: Chat,
  { word = '询价', closes = '11月27日17:00', prices = '100箱起45元，200箱起42元' } = {},
): Promise<void> {
  await chat.press('general.a', await chat.say('general.a', '@党建助手 绑定本群 电气产业链党建联盟', ALLIANCE), '确认');
  await quoted(chat, word);
  await chat.say('general.a', '开团 G-2026-0001');
  await chat.say('general.a', '永嘉劳保');
  await chat.say('general.a', prices);
  await chat.say('general.a', closes);
  expect(read(await chat.say('general.a', '确认'))).toContain('“手套”开团了');
}
export async function quoted(chat: Chat, word = '询价'): Promise<void> {
  await chat.say('general.a', `${word} 手套`);
  await chat.say('general.a', '箱');
  await chat.say('general.a', '10箱');
  await chat.say('general.a', '100箱');
  expect(read(await chat.say('general.a', '确认'))).toContain('已建团 G-2026-0001“手套”');
  await chat.say('general.a', '报价 G-2026-0001 永嘉劳保 46元 无关联');
  await chat.say('general.a', '报价 G-2026-0001 瑞安手套厂 50元 有关联');
  expect(read(await chat.say('general.a', '报价 G-2026-0001 乐清百货 48元 无关联'))).toBe(
    '报价够了\nG-2026-0001 的报价：\n1. 永嘉劳保 46元，无关联\n2. 乐清百货 48元，无关联\n3. 瑞安手套厂 50元，有关联\n够3家了，可以说“开团 G-2026-0001”。\n点错了就马上说“撤销”。\n[开团]',
  );
}
