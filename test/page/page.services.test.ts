/** The page in a real browser, by role and name, as somebody uses it who has never seen it. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import { startPlayground } from '../../src/playground/server.ts';
import type { TemplateCard } from '../../src/playground/wecom.ts';
import { AGENT, aWecom, card, field } from '../playground/fake-bot.ts';
import { readScenes } from '../../src/playground/player.ts';
import { firstConversation, inBrowser, lowContrast } from './drive.ts';
import { onStage } from './stage.ts';

const PICTURE = `data:image/png;base64,${readFileSync('scenes/pictures/visit.png', 'base64')}`;
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 800 };
const FIVE_CARDS = (more: Partial<TemplateCard>): readonly TemplateCard[] => [
  { card_type: 'text_notice', main_title: { title: '收据' }, emphasis_content: { title: '9,200元', desc: '本金' }, ...more },
  {
    card_type: 'news_notice',
    main_title: { title: '公示' },
    card_image: { url: PICTURE },
    vertical_content_list: [{ title: '冬至慰问', desc: '2,600元' }],
    ...more,
  },
  card('buttons'),
  {
    card_type: 'vote_interaction',
    main_title: { title: '哪天开会' },
    checkbox: { question_key: 'day', option_list: ['周四', '周五'].map((text, id) => ({ id: `${id}`, text })) },
    submit_button: { text: '提交', key: 'send' },
    task_id: 'vote',
  },
  {
    card_type: 'multiple_interaction',
    main_title: { title: '请填两项' },
    select_list: ['类别', '时限'].map((title, at) => ({
      question_key: `q${at}`,
      title,
      option_list: ['A类', 'B类'].map((text, id) => ({ id: `${id}`, text })),
    })),
    submit_button: { text: '提交', key: 'send' },
    task_id: 'several',
  },
];
const control = (page: Page, name: string) =>
  page.getByRole('region', { name: '控制台' }).getByRole('button', { name, exact: true });

onStage(
  'the first conversation, and what happened: how it was understood, the rows, the wire; nothing lost by a reload',
  async (stage, url) => {
    const { errors } = await inBrowser(url, WIDE, async (page) => {
      await firstConversation(page);
      await page.reload();
      await page.getByText('C-2026-0001 已通过').first().waitFor();
      const behind = page.getByRole('complementary', { name: '发生了什么' });
      await behind.locator('summary').filter({ hasText: '我要报个需求' }).click();
      await behind.getByText('固定说法或句式').waitFor();
      await behind.getByText('对话状态：之后').waitFor();
      await behind.getByText('发出的密文').waitFor();
      await behind.getByRole('tab', { name: '数据' }).click();
      await behind.getByText('need.create C-2026-0001 done').waitFor();
      await behind.getByRole('tab', { name: '线上' }).click();
      await behind.getByText('林国强 按「通过」').first().waitFor();
      await behind.getByRole('tab', { name: '待办' }).press('ArrowRight');
      await behind.getByRole('tab', { name: '日志', selected: true }).waitFor();
    });
    expect(errors).toEqual([]);
    expect(stage.wecom().bubbles('worker.a', 'app').at(-1)?.text).toContain('已由林书记审核通过');
  },
);

onStage('free words: the page says how sure the router was', async (_, url) => {
  const { errors } = await inBrowser(url, WIDE, async (page) => {
    const worker = page.getByRole('region', { name: '李大勇的手机' });
    await worker.getByRole('button', { name: '党建助手', exact: true }).click();
    await worker.getByRole('textbox').fill('我们那边电焊的烟太大了能不能想想办法');
    await worker.getByRole('textbox').press('Enter');
    await page.locator('.behind summary').filter({ hasText: '电焊' }).click();
    await page.getByText('意图路由的把握').waitFor();
    await page.getByRole('meter').first().waitFor();
  });
  expect(errors).toEqual([]);
});

onStage(
  'every scene, played in the browser',
  async (stage, url) => {
    const scenes = await readScenes();
    const { errors } = await inBrowser(url, WIDE, async (page) => {
      for (const { title } of scenes) {
        await control(page, '场景').click();
        await page.getByRole('button', { name: `演 ${title}` }).click();
        await page
          .getByRole('status')
          .filter({ hasText: new RegExp(`“${title}”(?:演完了|没有演完)`) })
          .waitFor({ timeout: 60_000 });
        const ended = await page.getByRole('status').filter({ hasText: title }).first().textContent();
        expect(ended).toContain('都和写的一样');
        expect(stage.wecom().violations).toEqual([]);
      }
    });
    expect(errors).toEqual([]);
  },
  { timeout: 300_000 },
);

onStage('a malformed scene is refused with its line; a conversation becomes a scene that can be played', async (stage, url) => {
  await inBrowser(url, WIDE, async (page) => {
    await firstConversation(page);
    await control(page, '场景').click();
    await page.getByRole('button', { name: /把刚才的对话录成场景（3 步）/ }).click();
    const text = await page.getByLabel(/存成 scenes/).inputValue();
    expect(text).toContain('李大勇 在电气产业链党建联盟群 说');
    expect(text).toContain('林国强 点: 通过');
    const { playScene, readScene } = await import('../../src/playground/scenes.ts');
    await stage.startOver();
    const none = () => Promise.reject(new Error('no file'));
    await playScene(readScene(text), { ...stage, wecom: stage.wecom(), file: none });
  });
});

onStage('time moves on and what is due is done; the past is refused', async (stage, url) => {
  const before = stage.now();
  await inBrowser(url, WIDE, async (page) => {
    await firstConversation(page);
    await control(page, '时间').click();
    await page.getByRole('button', { name: '1小时后' }).click();
    await page.getByText('已到“1小时后”').waitFor();
    await page.getByLabel('或者到').fill('2020-01-01');
    await page.getByRole('button', { name: '去', exact: true }).click();
    await page.getByText('时间只能往前走').waitFor();
  });
  expect(stage.now().getTime() - before.getTime()).toBeGreaterThanOrEqual(3_600_000);
});

onStage(
  'faults: what is due twice is done once; a database that is gone is told of; a bot that died is shown, with its log, and comes back',
  async (stage, url) => {
    await inBrowser(url, WIDE, async (page) => {
      const worker = page.getByRole('region', { name: '李大勇的手机' });
      await worker.getByRole('button', { name: '党建助手', exact: true }).click();
      const say = async (words: string) => {
        await worker.getByRole('textbox').fill(words);
        await worker.getByRole('textbox').press('Enter');
      };
      await control(page, '故障').click();
      await control(page, '数据库连不上').click();
      await say('看需求');
      await worker
        .getByText(/系统开小差了/)
        .first()
        .waitFor();
      await control(page, '✓ 数据库连不上').click();
      await say('报需求：车间缺急救培训');
      await worker.getByText('请核对需求').waitFor();
      await control(page, '同时按两下').click();
      await worker.getByRole('button', { name: '确认' }).click();
      await worker.getByText('已建单 C-2026-0001').first().waitFor();
      expect((await stage.units()).flatMap(({ rows }) => rows.filter(({ table }) => table === 'need'))).toHaveLength(1);
      await control(page, '停掉机器人进程').click();
      await page.getByRole('alert').filter({ hasText: '机器人停了' }).waitFor();
      await say('看需求');
      await worker.getByText('没有收到应答').first().waitFor();
      await page.getByRole('tab', { name: '日志' }).click();
      await page.getByText('机器人被停掉了').waitFor();
      await page.getByRole('alert').getByRole('button', { name: '重新启动' }).click();
      await page.getByRole('alert').waitFor({ state: 'detached' });
      await say('我的');
      await worker
        .getByText(/C-2026-0001/)
        .last()
        .waitFor();
    });
  },
);

onStage('two tabs at once: what is done in one is seen in the other, none loses anything by a reload', async (stage, url) => {
  const { errors } = await inBrowser(url, WIDE, async (first) => {
    await first.evaluate("localStorage.setItem('phones', JSON.stringify([{ userId: 'worker.a', chat: 'bot' }]))");
    await first.reload();
    const second = await first.context().newPage();
    await second.goto(url);
    const worker = (page: Page) => page.getByRole('region', { name: '李大勇的手机' });
    await worker(first).getByRole('textbox').fill('报需求：车间缺急救培训');
    await worker(first).getByRole('textbox').press('Enter');
    await worker(second).getByRole('button', { name: '确认' }).waitFor();
    // Words half written in one tab are nobody else's.
    await worker(second).getByRole('textbox').fill('还没写完');
    await worker(second).getByRole('button', { name: '确认' }).click();
    await worker(first).getByText('已建单 C-2026-0001').first().waitFor();
    expect(await worker(first).getByRole('button', { name: '确认' }).count()).toBe(0);
    expect(await worker(second).getByRole('textbox').inputValue()).toBe('还没写完');
    await Promise.all([first.reload(), second.reload()]);
    for (const page of [first, second]) await worker(page).getByText('已建单 C-2026-0001').first().waitFor();
  });
  expect(errors).toEqual([]);
  expect((await stage.units()).flatMap(({ rows }) => rows.filter(({ table }) => table === 'need'))).toHaveLength(1);
});

onStage('pictures, files, a voice, a quotation and the menu go from the page to the bot', async (_, url) => {
  const { errors } = await inBrowser(url, WIDE, async (page) => {
    await page.evaluate("localStorage.setItem('phones', JSON.stringify([{ userId: 'county.a', chat: 'bot' }]))");
    await page.reload();
    const phone = page.getByRole('region', { name: '王建平的手机' });
    const attach = phone.getByLabel('王建平发图片或文件');
    await attach.setInputFiles('scenes/pictures/visit.png');
    await phone.getByText('图片收到了').waitFor();
    await expect.poll(() => page.evaluate<number>("document.querySelector('img.picture').naturalWidth")).toBe(240);
    await attach.setInputFiles('scenes/roster.xlsx');
    await phone.getByText('文件', { exact: true }).waitFor();
    await phone.getByText('人员：新增1、变更0、离开0').waitFor();
    await attach.setInputFiles('README.md');
    await phone.getByText('不是 .xlsx 工作簿').waitFor();
    await phone.getByRole('textbox').fill('看需求');
    await phone.getByRole('button', { name: '当语音发' }).click();
    await phone.getByText('语音，已转成文字').waitFor();
    await phone.getByText('现在没有待认领的').waitFor();
    await phone.getByRole('button', { name: '引用' }).last().click();
    await phone.getByText('引用：').waitFor();
    await phone.getByRole('textbox').fill('帮助');
    await phone.getByRole('textbox').press('Enter');
    await phone.locator('blockquote').waitFor();
    await phone.getByRole('button', { name: '应用消息', exact: true }).click();
    const menu = phone.getByRole('navigation', { name: '王建平的应用菜单' });
    await menu.getByText('看看', { exact: true }).click();
    await menu.getByRole('button', { name: '看需求', exact: true }).click();
    await phone.getByText('现在没有待认领的').waitFor();
  });
  expect(errors).toEqual([]);
});

test('the five types of cards: fresh with what can be chosen, stamped without', async () => {
  const { wecom, call } = await aWecom({
    app: (xml) => ({
      seal: `<xml><ToUserName>${field(xml, 'FromUserName')}</ToUserName><FromUserName>wwDEMOCORP</FromUserName><CreateTime>1</CreateTime><MsgType>update_button</MsgType><Button><ReplaceName>已${field(xml, 'EventKey') === 'yes' ? '同意' : '提交'}</ReplaceName></Button></xml>`,
    }),
  });
  const page = await startPlayground({ wecom, examples: [], port: 0 });
  onTestFinished(() => page.close());
  const send = (template_card: TemplateCard) =>
    call('send', { touser: 'li', agentid: AGENT, msgtype: 'template_card', template_card });
  const more = { card_action: { type: 1, url: 'https://work.weixin.qq.com' } };
  for (const each of FIVE_CARDS(more)) expect(await send(each)).toMatchObject({ errcode: 0 });
  const { errors } = await inBrowser(page.url, WIDE, async (shown) => {
    await shown.getByRole('button', { name: /^li/ }).click();
    const phone = shown.getByRole('region', { name: 'li的手机' });
    await phone.getByRole('button', { name: '应用消息' }).click();
    for (const { main_title } of FIVE_CARDS(more)) await phone.getByRole('group', { name: main_title?.title ?? '' }).waitFor();
    await phone.getByText('9,200元').waitFor();
    await phone.getByAltText('卡片图片').waitFor();
    const vote = phone.getByRole('group', { name: '哪天开会' });
    await vote.getByLabel('周五').check();
    await vote.getByRole('button', { name: '提交' }).click();
    await vote.getByText('已提交').waitFor();
    expect(await vote.getByRole('button').count()).toBe(0);
    expect(await vote.getByLabel('周五').isDisabled()).toBe(true);
    const several = phone.getByRole('group', { name: '请填两项' });
    await several.getByLabel('类别').selectOption('B类');
    await several.getByRole('button', { name: '提交' }).click();
    await several.getByText('已提交').waitFor();
    await phone.getByRole('group', { name: '请核对' }).getByRole('button', { name: '同意' }).click();
    await phone.getByText('已同意').waitFor();
  });
  expect(errors).toEqual([]);
});

onStage('somebody new comes in and is known by the standing given; starting over forgets it all', async (_, url) => {
  const { errors } = await inBrowser(url, WIDE, async (page) => {
    await control(page, '新来一个人').click();
    await page.getByLabel('姓名').fill('钱小虎');
    await page.getByLabel('身份').selectOption('力西特党支部党员');
    await page.getByRole('button', { name: '进来' }).click();
    const phone = page.getByRole('region', { name: '钱小虎的手机' });
    await phone.getByRole('textbox').fill('我的身份');
    await phone.getByRole('button', { name: '发送' }).click();
    await phone.getByText('力西特党支部党员').last().waitFor();
    page.on('dialog', (dialog) => void dialog.accept());
    await control(page, '重新开始').click();
    await page.getByText('已重新开始').waitFor();
    await phone.waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: /钱小虎/ }).count()).toBe(0);
  });
  expect(errors).toEqual([]);
});

for (const [size, name] of [
  [NARROW, '390 px'],
  [WIDE, '1280 px'],
] as const)
  for (const dark of [false, true])
    onStage(
      `${name}, ${dark ? 'dark' : 'light'}, large: nothing is wider than the screen, and all words stand out 4.5 to 1`,
      async (_, url) => {
        const { errors } = await inBrowser(
          url,
          size,
          async (page) => {
            await page.emulateMedia({ colorScheme: dark ? 'dark' : 'light' });
            await page.reload();
            await page.getByRole('button', { name: '大字' }).click();
            const views = size === NARROW ? ['人员', '手机', '发生了什么'] : [undefined];
            if (size === WIDE) await firstConversation(page);
            for (const view of views) {
              if (view !== undefined)
                await page.getByRole('navigation', { name: '视图' }).getByRole('button', { name: view }).click();
              for (const panel of ['场景', '时间', '故障', '新来一个人']) {
                await control(page, panel).click();
                expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(size.width);
                expect(await lowContrast(page)).toEqual([]);
              }
              await control(page, '新来一个人').click();
            }
          },
          dark,
        );
        expect(errors).toEqual([]);
      },
    );
