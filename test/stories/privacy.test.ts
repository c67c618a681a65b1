/** What a group may read: run over every intent, by its own examples, as every kind of person in the group. */
import { expect } from 'vitest';
import { createCatalogue } from '../../src/bot/catalogue.ts';
import { MODULES } from '../../src/modules.ts';
import { ALLIANCE, read, story } from '../chat.ts';

const sentences = createCatalogue(MODULES).intents.flatMap(({ says }) => says.slice(0, 2));

story('no full name, phone or party status of anybody in a group, whatever is said by whomever', async (chat) => {
  await chat.say('worker.a', '我要报个需求：车间缺急救培训');
  await chat.say('worker.a', '确认');
  await chat.press('secretary.a', chat.newest('secretary.a'), '通过');
  const people = ['worker.a', 'member.a', 'secretary.a', 'general.a', 'outsider.a'];
  for (const person of people) {
    for (const sentence of [...sentences, '帮助', '看需求', 'C-2026-0001 到哪了', '认领 C-2026-0001']) {
      await chat.wecom.say(person, `@党建助手 ${sentence}`, ALLIANCE);
      await chat.wecom.say(person, '@党建助手 取消', ALLIANCE);
    }
  }
  await chat.settle();
  const said = chat.wecom
    .bubbles('member.b', ALLIANCE)
    .filter(({ from }) => from === 'bot')
    .map(read);
  expect(said.length).toBeGreaterThan(sentences.length);
  const names = chat.wecom.directory.users.map(({ name }) => name);
  const told = said.filter((words) => names.some((name) => words.includes(name)) || /1\d{10}|支部党员|身份：/u.test(words));
  expect(told).toEqual([]);
});
