/** The README's promises: its example is an intent that works, and what it names exists. */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { MODULES } from '../src/modules.ts';
import { story } from './chat.ts';
import { count } from './examples/count.ts';

const file = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const readme = readFileSync(file('README.md'), 'utf8');

test('the example in the README is the one that runs below, in at most 25 lines', () => {
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const tested = readFileSync(file('test/examples/count.ts'), 'utf8')
    .replaceAll('../../src/needs/', '../')
    .replaceAll('../../src/', '../../');
  expect(example).toBe(tested);
  expect(example.trimEnd().split('\n').length).toBeLessThanOrEqual(25);
});

const [needs, ...others] = MODULES;
if (!needs) throw new Error('no module');

story(
  'an intent added as the README says answers, is in the help, and is refused to whoever may not',
  async (chat) => {
    expect((await chat.say('member.a', '我一共认领了多少条需求')).text).toBe('您正在办0条需求。');
    expect((await chat.say('worker.a', '我认领了几条')).text).toContain('认领需求由党员来办');
    expect((await chat.say('member.a', '帮助')).card?.quote_area?.quote_text).toContain('我认领了几条');
  },
  [{ ...needs, intents: [...needs.intents, count] }, ...others],
);

test('every file the README points at is there', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = '']) => path);
  expect(links.length).toBeGreaterThan(0);
  expect(links.filter((path) => !existsSync(file(path)))).toEqual([]);
});

test('every npm command the README names exists', () => {
  const { scripts } = JSON.parse(readFileSync(file('package.json'), 'utf8')) as { scripts: Record<string, string> };
  const named = [...readme.matchAll(/npm (?:run (?:-s )?)?([a-z][a-z:]*)/g)]
    .map(([, name = '']) => name)
    .filter((name) => name !== 'ci');
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
});
