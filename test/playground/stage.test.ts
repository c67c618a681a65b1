/** The stage: time that passes as in life, troubles of the bot's own, what is seen behind the doors, and a start from nothing. */
import { expect } from 'vitest';
import { wordsOf } from '../../src/playground/scenes.ts';
import type { Stage } from '../../src/playground/stage.ts';
import { onStage } from '../page/stage.ts';

const DAY = new Date('2026-11-24T10:00:00+08:00');

async function reported(stage: Stage): Promise<void> {
  await stage.wecom().say('worker.a', '我要报个需求：车间缺急救培训', 'bot');
  await stage.wecom().say('worker.a', '确认', 'bot');
  await stage.settle();
}

const heard = async (stage: Stage, words: string, who = 'worker.a') =>
  (await stage.wecom().say(who, words, 'bot')).bubbles.map(wordsOf).join('\n');

onStage('what falls due while time passes is done at its own moment', async (stage) => {
  await stage.startOver(DAY);
  await reported(stage);
  const end = new Date('2026-12-04T10:00:00+08:00');
  await stage.moveTo(end);
  const reminders = stage
    .wecom()
    .bubbles('secretary.a', 'app')
    .filter(({ at }) => at.getTime() > DAY.getTime() + 3_600_000);
  expect(reminders.length).toBeGreaterThan(0);
  expect(reminders.every(({ at }) => at < end)).toBe(true);
});

onStage(
  'at night the world begins with the next morning, so that a card rings at once',
  async (stage) => {
    expect(stage.now().getTime()).toBeGreaterThanOrEqual(new Date('2026-11-25T08:00:00+08:00').getTime());
    await reported(stage);
    expect(stage.wecom().bubbles('secretary.a', 'app').map(wordsOf).join('\n')).toContain('请审核需求 C-2026-0001');
    await stage.startOver();
    expect(stage.now().getTime()).toBeGreaterThanOrEqual(new Date('2026-11-25T08:00:00+08:00').getTime());
  },
  { start: new Date('2026-11-24T22:30:00+08:00') },
);

onStage('what happened: who was understood how, what it wrote, in one transaction with its audit row', async (stage) => {
  await stage.startOver(DAY);
  await reported(stage);
  const [asked, confirmed] = stage.turns();
  expect(asked).toMatchObject({
    by: 'words',
    intent: 'need.create',
    title: '报需求',
    after: { talk: { intent: 'need.create' } },
  });
  expect(asked?.guesses[0]).toMatchObject({ intent: 'need.create', confidence: expect.any(Number) });
  expect(confirmed).toMatchObject({ command: 'confirm', before: { talk: { intent: 'need.create' } } });
  expect(stage.wecom().wire.find(({ id }) => id === asked?.wire)?.asked.clear).toContain('急救');
  const unit = (await stage.units()).find(({ message }) => message === confirmed?.message);
  expect(unit?.rows.map(({ table }) => table)).toEqual(expect.arrayContaining(['need', 'audit']));
  expect((await stage.waiting()).length).toBeGreaterThan(0);
  expect(JSON.stringify(stage.log())).not.toContain('急救');
});

onStage('without Redis and without a model it goes on; a slow database makes nobody lose an answer', async (stage) => {
  await stage.startOver(DAY);
  stage.trouble('noModel', true);
  expect(await heard(stage, '那个事情怎么弄啊')).not.toBe('');
  stage.trouble('noModel', false);
  stage.trouble('noMemory', true);
  expect(await heard(stage, '看需求')).not.toBe('');
  stage.trouble('noMemory', false);
  stage.trouble('slowDatabase', true);
  expect(await heard(stage, '我的')).toContain('您还没有报过需求');
  stage.trouble('slowDatabase', false);
  expect(stage.wecom().violations).toEqual([]);
});

onStage('a model that lies does nothing by itself', async (stage) => {
  await stage.startOver(DAY);
  const rows = (await stage.units()).length;
  stage.trouble('lyingModel', true);
  await heard(stage, '呃那个啥你懂的', 'secretary.a');
  const written = (await stage.units()).slice(rows).flatMap((unit) => unit.rows.map(({ table }) => table));
  expect(written.filter((table) => ['need', 'standing', 'audit'].includes(table))).toEqual([]);
});

onStage('killed while a stream is open, it comes back and nothing is done twice', async (stage) => {
  await stage.startOver(DAY);
  await stage.wecom().say('worker.a', '我要报个需求：车间缺急救培训', 'bot');
  stage.trouble('slowDatabase', true);
  const open = stage.wecom().say('worker.a', '确认', 'bot');
  await stage.kill();
  expect(stage.isUp()).toBe(false);
  stage.trouble('slowDatabase', false);
  expect(await heard(stage, '看需求')).toContain('没有收到应答');
  await stage.revive();
  await open;
  await stage.wecom().say('worker.a', '确认', 'bot');
  expect((await stage.units()).flatMap(({ rows }) => rows.filter(({ table }) => table === 'need')).length).toBeLessThanOrEqual(1);
  expect(await heard(stage, '看需求')).not.toBe('');
});

onStage('starting over leaves nothing of the world before', async (stage) => {
  await reported(stage);
  await stage.startOver(DAY);
  expect(await heard(stage, '我的')).toContain('您还没有报过需求');
  expect((await stage.units()).flatMap(({ rows }) => rows.filter(({ table }) => table === 'need'))).toEqual([]);
  await expect(stage.enrol('钱小虎', 'nobody')).rejects.toThrow('通讯录里没有 nobody');
});
