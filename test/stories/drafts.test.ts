/** 草稿: an application half filled in outlives memory for as long as the county says; then it goes, not without a word. */
import { expect } from 'vitest';
import { read, story, type Chat } from '../chat.ts';

const DECEMBER = (day: number, time = '10:00') => new Date(`2026-12-${String(day).padStart(2, '0')}T${time}:00+08:00`);

/** What the bot remembers of this person is gone, as when Redis comes back empty. */
const forget = (chat: Chat, userId: string) => chat.state.delete(`session:${chat.corp}:${userId}`);

/** 力西特's fund holds enough, and its secretary has said three things of seven. */
async function begun(chat: Chat): Promise<void> {
  await chat.press('cashier.a', await chat.say('cashier.a', '登记入账 力西特电气 5000元'), '确认');
  await chat.press('supervisor.a', chat.newest('supervisor.a'), '确认');
  await chat.say('secretary.a', '申请公积金：重阳慰问老党员');
  await chat.say('secretary.a', '走访慰问');
  expect((await chat.say('secretary.a', '12月28日')).text).toContain('在哪里办');
}

async function finished(chat: Chat, who = 'secretary.a'): Promise<string> {
  for (const words of ['瞿溪敬老院', '30人', '租车1200元', '11月20日支委会，5人全票同意']) await chat.say(who, words);
  return read(await chat.say(who, '确认'));
}

story(
  'put aside and forgotten by Redis, days later 继续 asks on where it stood; what is done or given up is not kept',
  async (chat) => {
    await begun(chat);
    expect((await chat.say('secretary.a', '先放着')).text).toContain('我等您');
    const [row] = await chat.db.client.draft.findMany({ where: { corp: chat.corp } });
    expect(row?.sealed).not.toContain('慰问');
    await forget(chat, 'secretary.a');
    await chat.at(DECEMBER(8));
    expect((await chat.say('secretary.a', '继续')).text).toContain('在哪里办');
    expect(await finished(chat)).toContain('F-2026-0001 已提交\n重阳慰问老党员，申请1,200元');
    await forget(chat, 'secretary.a');
    expect((await chat.say('secretary.a', '继续')).text).toContain('没有放着没办完的事');

    await chat.say('secretary.a', '申请公积金：冬至慰问');
    await chat.say('secretary.a', '取消');
    await forget(chat, 'secretary.a');
    expect((await chat.say('secretary.a', '继续')).text).toContain('没有放着没办完的事');
    expect(await chat.db.client.draft.count({ where: { corp: chat.corp } })).toBe(0);
  },
);

story(
  'put aside for another matter it is kept as well, and nobody else finds it; a matter of minutes is not kept',
  async (chat) => {
    await begun(chat);
    await chat.say('secretary.a', '我要报个需求：车间缺急救培训');
    await forget(chat, 'secretary.a');
    expect((await chat.say('secretary.b', '继续')).text).toContain('没有放着没办完的事');
    expect((await chat.say('secretary.a', '看公示')).text).toContain('现在没有正在公示的');
    expect((await chat.say('secretary.a', '继续')).text).toContain('在哪里办');
    expect(await finished(chat)).toContain('F-2026-0001 已提交');
  },
);

story('the card to confirm works after memory was lost, once', async (chat) => {
  await begun(chat);
  for (const words of ['瞿溪敬老院', '30人', '租车1200元']) await chat.say('secretary.a', words);
  const card = await chat.say('secretary.a', '11月20日支委会，5人全票同意');
  await forget(chat, 'secretary.a');
  expect(read(await chat.press('secretary.a', card, '确认'))).toContain('F-2026-0001 已提交');
  await forget(chat, 'secretary.a');
  expect(read(await chat.press('secretary.a', card, '确认', { stale: true }))).toContain('F-2026-0001 已提交');
  expect(await chat.db.client.fundApplication.count({ where: { corp: chat.corp } })).toBe(1);
});

story(
  'three days before it goes whoever put it aside is reminded, once; after the days the county set it is gone',
  async (chat) => {
    await begun(chat);
    await chat.say('county.a', '草稿保留期改成10天');
    await chat.say('county.a', '确认');
    await chat.moveTo(DECEMBER(2, '09:30'));
    const reminders = () => chat.inbox('secretary.a').filter(({ text }) => text?.includes('没有填完'));
    expect(reminders().map(({ text }) => text)).toEqual([
      '您的“申请公积金”还有一份没有填完，再过3天就不留了。说“继续”接着填，填过的都在；不用了不必理会。',
    ]);
    await chat.moveTo(DECEMBER(4, '09:30'));
    expect(reminders()).toHaveLength(1);
    await chat.moveTo(DECEMBER(5, '09:30'));
    // Redis keeps the time of the wall.
    await forget(chat, 'secretary.a');
    expect((await chat.say('secretary.a', '继续')).text).toContain('没有放着没办完的事');
  },
);

story('with the office goes what lay half filled in it', async (chat) => {
  await begun(chat);
  await chat.say('secretary.a', '交接给 周晓燕');
  expect(read(await chat.say('secretary.a', '确认'))).toContain('周晓燕');
  await chat.settle();
  expect(chat.inbox('member.b').map(read)).toContain('1份没有填完的也交给您了，说“继续”接着填。');
  await chat.at(new Date(chat.now().getTime() + 11_000));
  expect((await chat.say('member.b', '继续')).text).toContain('在哪里办');
  expect(await finished(chat, 'member.b')).toContain('F-2026-0001 已提交');
});
