/** Every scene in `scenes/`, as the page plays it: the bot behind its encrypted doors, and nothing the real WeCom would cut, drop or refuse. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { createCatalogue } from '../../src/bot/catalogue.ts';
import { understandText } from '../../src/bot/understand.ts';
import { tallyOf } from '../../src/bot/tally.ts';
import { waitedFor } from '../../src/jobs/passage.ts';
import { MODULES } from '../../src/modules.ts';
import { playScene, readScene, SceneError } from '../../src/playground/scenes.ts';
import { story, type Chat } from '../chat.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SCENES = readdirSync(`${ROOT}/scenes`).filter((name) => name.endsWith('.yaml'));
const source = (file: string) => readFileSync(`${ROOT}/scenes/${file}`, 'utf8');
const theatreOf = (chat: Chat) => ({
  wecom: chat.wecom,
  now: () => chat.now(),
  moveTo: (moment: Date) => chat.moveTo(moment),
  settle: () => chat.settle(),
  waitedFor: () => waitedFor(chat.now(), { db: chat.db, corp: chat.corp, jobs: MODULES.flatMap((module) => module.jobs ?? []) }),
  tally: () => tallyOf(MODULES, chat.db.client, chat.corp),
  file: (path: string) => readFile(`${ROOT}/${path}`),
});

for (const file of SCENES) {
  const scene = readScene(source(file));
  story(`${file} ${scene.title}`, async (chat) => {
    await chat.at(scene.start);
    await playScene(scene, theatreOf(chat));
  });
}

test('the table “三种人怎么用” in the README is a scene: every word said, pressed and seen in it', () => {
  const readme = readFileSync(`${ROOT}/README.md`, 'utf8');
  const [, table = ''] = /## 三种人怎么用\n\n([\s\S]*?)\n\n/.exec(readme) ?? [];
  const [, , ...rows] = table.split('\n');
  const words = rows.flatMap((row) =>
    [...row.matchAll(/`([^`]+)`|“([^”]{1,4})”/g)].map(([, said, pressed]) => said ?? pressed ?? ''),
  );
  expect(words.length).toBeGreaterThan(8);
  const scene = source('04-three-people.yaml').replaceAll('C-2026-0002', 'C-2026-0001');
  expect(words.filter((each) => !scene.includes(each))).toEqual([]);
});

test('every sentence of the second table is said in a scene, whatever its number, or begins what it says by itself', () => {
  const [, table = ''] = /\n\| 什么事 \| 说一句 \|\n([\s\S]*?)\n\n/.exec(readFileSync(`${ROOT}/README.md`, 'utf8')) ?? [];
  const plain = (words: string) => words.replaceAll(/[A-Z]-\d{4}-\d{4}/gu, 'NUMBER');
  const said = [...table.matchAll(/`([^`]+)`/g)].map(([, words = '']) => words);
  expect(said.length).toBeGreaterThan(20);
  const scenes = plain(SCENES.map(source).join('\n'));
  const catalogue = createCatalogue(MODULES);
  const isSaid = (words: string) => scenes.includes(`说: ${plain(words)}`) || scenes.includes(`说: '@党建助手 ${plain(words)}`);
  expect(said.filter((words) => !isSaid(words) && understandText(words, {}, catalogue).do !== 'start')).toEqual([]);
});

story('the example of a scene in the README can be played', async (chat) => {
  const [, example = ''] = /```yaml\n([\s\S]*?)```/.exec(readFileSync(`${ROOT}/README.md`, 'utf8')) ?? [];
  await playScene(readScene(example), theatreOf(chat));
});

describe('a malformed scene names its line', () => {
  test.each([
    ['场景: 空的\n', 1, '要有“经过:”'],
    ['经过:\n  - 李大勇 说: 你好\n', 1, '场景: 名称'],
    ['场景: a\n经过:\n  - 李大勇 唱: 你好\n', 3, '看不懂“李大勇 唱”'],
    ['场景: a\n经过:\n  - 李大勇 说: 你好\n    看见: 好\n', 4, '不能有“看见”'],
    ['场景: a\n经过:\n  - 李大勇 说:\n', 3, '后面要有文字'],
    ['场景: a\n经过:\n  - 时间: 改天\n', 3, '看不懂时间“改天”'],
    ['场景: a\n经过:\n  - 账目:\n', 3, '后面要有文字'],
    ['场景: a\n开始: 昨天\n经过:\n  - 时间: 1小时后\n', 2, '看不懂开始时间'],
    ['场景: a\n经过:\n  - 故障: 地震\n', 3, '没有故障“地震”'],
    ['场景: a\n谁: b\n经过:\n  - 时间: 1小时后\n', 2, '不认识“谁”'],
    ['场景: a\n经过:\n  - 李大勇 说: "没有收尾\n', 3, 'YAML'],
    ['场景: a\n经过:\n  - 你好\n', 3, '名字: 内容'],
  ])('%j', (text, line, words) => {
    const error = (() => {
      try {
        return readScene(text);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(SceneError);
    expect(error).toMatchObject({ line, message: expect.stringContaining(words) });
  });
});

story('a scene that goes otherwise says where, and what was to be seen instead', async (chat) => {
  const play = (steps: string) => playScene(readScene(`场景: a\n经过:\n${steps}`), theatreOf(chat));
  await expect(play('  - 李大勇 说: 帮助\n  - 李大勇 说: 看需求\n    看到: 一百条\n')).rejects.toThrow(
    /^第 4 行：没看到“一百条”，看到的是：\n现在没有|^第 4 行：没看到“一百条”/,
  );
  await expect(play('  - 李大勇 说: 看需求\n    没看到: 需求\n')).rejects.toThrow(/^第 3 行：不该看到“需求”/);
  await expect(play('  - 李大勇 点: 通过\n')).rejects.toThrow(/^第 3 行：李大勇的手机上没有能按的“通过”/);
  await expect(play('  - 李大勇 收到: 工资\n')).rejects.toThrow(/^第 3 行：李大勇没收到“工资”/);
  await expect(play('  - 没有人 说: 帮助\n')).rejects.toThrow(/^第 3 行：通讯录里没有“没有人”/);
  await expect(play('  - 李大勇 在家里 说: 帮助\n')).rejects.toThrow(/^第 3 行：没有群“家里”/);
  await expect(play('  - 时间: 等到公示期满\n')).rejects.toThrow(/^第 3 行：现在没有在等“公示期满”/);
  await expect(play('  - 账目: 合计 平\n')).rejects.toThrow('第 3 行：没有“合计 平”，现在是：\n（什么都没有）');
  await expect(play('  - 时间: 2020-01-01\n')).rejects.toThrow(/^第 3 行：时间只能往前走/);
});
