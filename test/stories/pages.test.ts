/** 公示 as a page inside WeCom: who looks is told by WeCom, what they may see is asked each time, nothing private is on it. */
import { expect, test } from 'vitest';
import { createVault } from '../../src/kernel/vault.ts';
import { MODULES } from '../../src/modules.ts';
import type { Bubble } from '../../src/playground/wecom.ts';
import { html } from '../../src/pages/html.ts';
import { openTicket, sealTicket } from '../../src/pages/ticket.ts';
import { read, story, TOWN, type Chat } from '../chat.ts';

const OFFERED = { pages: true };

/** F-2026-0001 of 力西特, reviewed and public; the town's group hears of it. */
async function onNotice(chat: Chat, content = '重阳慰问老党员'): Promise<void> {
  await chat.say('town.a', '@党建助手 绑定本群 瞿溪街道党工委', TOWN);
  await chat.say('town.a', '@党建助手 确认', TOWN);
  await chat.press('cashier.a', await chat.say('cashier.a', '登记财政补助 区财政局 50000元'), '确认');
  await chat.press('town.a', chat.newest('town.a'), '确认');
  await chat.say('county.a', '调整星级 力西特党支部 三星：示范带动');
  await chat.say('county.a', '确认');
  const budget = '租车1200、餐费600；教育培训：教材800';
  for (const said of [
    `申请公积金：${content}`,
    '走访慰问',
    '12月20日',
    '瞿溪敬老院',
    '30人',
    budget,
    '11月20日支委会，5人全票同意',
  ])
    await chat.say('secretary.a', said);
  await chat.press('secretary.a', await chat.say('secretary.a', '再说一遍'), '确认');
  await chat.press('town.a', chat.newest('town.a'), '同意');
}

const linkOf = ({ card }: Bubble): string => card?.card_action?.url ?? '';

/** What a reader sees: the words, without the marks around them. */
const wordsOf = (page: string): string =>
  page
    .replace(/<style>.*<\/style>/su, '')
    .replace(/<[^>]+>/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim();

const asked = (chat: Chat): number => chat.wecom.wire.filter(({ path }) => path === '/cgi-bin/auth/getuserinfo').length;

story(
  'from the card and from the group to the page: plan, sum, days left, how to object; WeCom is asked once a visit',
  async (chat) => {
    await onNotice(chat);
    const card = await chat.say('member.a', '看公示');
    expect(read(card)).toMatchInlineSnapshot(`
      "正在公示1笔
      点开看全部的计划和预算
      1. F-2026-0001“重阳慰问老党员”（力西特党支部）拟补助2,600元，到12月1日24:00
      说“公示”加编号看计划和预算；有异议私聊我说“异议”加编号和理由。"
    `);
    const link = linkOf(card);
    expect(chat.newest('member.a', TOWN).text).toContain(`可以不署名。\n在企业微信里点开看全部公示：${link}`);

    const page = await chat.wecom.open('member.a', link);
    expect(page).toMatchObject({ status: 200, url: link });
    expect(wordsOf(page.html)).toMatchInlineSnapshot(
      `"党建公积金公示 党建公积金公示 正在公示1笔。今天10:00查看。 重阳慰问老党员 力西特党支部，瞿溪街道党工委公积金， F-2026-0001 拟补助2,600元 公示到12月1日24:00，还剩5个工作日。 形式 走访慰问 时间 2026年12月20日 地点 瞿溪敬老院 人数 30人 预算合计 2,600元 审批依据 公积金规范第1版 预算 党群活动 租车 1,200元 餐费 600元 教育培训 教材 800元 有异议，私聊“党建助手”说： 异议 F-2026-0001： 加上理由。 有异议，请在公示期内私聊“党建助手”说，写清楚哪里不对、凭什么。可以不署名；署名只有裁定的人看得到。 四项原则：企业预存、财政补助、项目管理、放大使用。 只给公示范围内的同志看，请不要转到范围以外。"`,
    );
    expect(
      Object.fromEntries(
        ['content-security-policy', 'cache-control', 'referrer-policy'].map((name) => [name, page.headers.get(name)]),
      ),
    ).toEqual({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-[\w+/]{43}='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/u,
      ) as string,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    expect(page.html).not.toContain('<script');
    const names = chat.wecom.directory.users.map(({ name }) => name);
    expect(names.filter((name) => page.html.includes(name))).toEqual([]);

    const shown = (url: string) => fetch(`${chat.page}/window?${new URLSearchParams({ user: 'member.a', url }).toString()}`);
    const window = await shown(link);
    expect(await window.text()).toBe(page.html);
    expect(window.headers.get('content-security-policy')).toBe(page.headers.get('content-security-policy'));
    expect((await shown('http://127.0.0.1:1/')).status).toBe(400);
    expect(asked(chat)).toBe(1);
    await chat.at(new Date(chat.now().getTime() + 30 * 60_000));
    await chat.wecom.open('member.a', link);
    expect(asked(chat)).toBe(2);
  },
  MODULES,
  OFFERED,
);

story(
  'each reads what reaches them: the town, its county, and nobody of the next town; who left the roster or never was on it reads nothing',
  async (chat) => {
    await onNotice(chat);
    const link = linkOf(await chat.say('member.a', '看公示'));
    for (const reader of ['worker.a', 'supervisor.d', 'county.a'])
      expect((await chat.wecom.open(reader, link)).html).toContain('重阳慰问老党员');
    const beside = await chat.wecom.open('owner.c', link);
    expect(beside.html).toContain('现在没有正在公示的申请');
    expect(beside.html).not.toContain('F-2026-0001');

    const stranger = await chat.wecom.open('outsider.a', link);
    expect(stranger.status).toBe(403);
    expect(wordsOf(stranger.html)).toContain('您还不在党建助手的名册里，看不了这个页面');
    await chat.db.client.person.updateMany({ where: { corp: chat.corp, userId: 'worker.a' }, data: { active: false } });
    await chat.at(new Date(chat.now().getTime() + 11_000));
    expect((await chat.wecom.open('worker.a', link)).status).toBe(403);
  },
  MODULES,
  OFFERED,
);

story(
  'an objection stops the clock on the page, and neither its words nor who made it are there; what is written into a plan stays words',
  async (chat) => {
    await onNotice(chat, '慰问<script>alert(1)</script>老党员');
    const link = linkOf(await chat.say('member.a', '看公示'));
    expect((await chat.wecom.open('member.a', link)).html).toContain('慰问&lt;script&gt;alert(1)&lt;/script&gt;老党员');
    await chat.say('worker.a', '异议 F-2026-0001：去年只花了1800元');
    await chat.say('worker.a', '署名');
    await chat.say('worker.a', '确认');
    const page = await chat.wecom.open('member.b', link);
    expect(page.html).toContain('公示暂停，正在核查');
    expect(page.html).not.toContain('1800');
  },
  MODULES,
  OFFERED,
);

story(
  'no way in but by WeCom: a made-up state, a code used before, a cookie that is none',
  async (chat) => {
    await onNotice(chat);
    const link = linkOf(await chat.say('member.a', '看公示'));
    const { origin } = new URL(link);
    const get = (path: string, cookies: readonly string[] = []) =>
      fetch(`${origin}${path}`, { redirect: 'manual', headers: { cookie: cookies.join('; ') } });
    const cookieOf = (response: Response, name: string): string =>
      response.headers
        .getSetCookie()
        .find((line) => line.startsWith(`${name}=`))
        ?.split(';')[0] ?? '';

    const first = await get('/pages/notices');
    const way = new URL(first.headers.get('location') ?? '');
    expect(first.status).toBe(302);
    expect(way.hash).toBe('#wechat_redirect');
    expect(Object.fromEntries(way.searchParams)).toEqual({
      appid: chat.corp,
      redirect_uri: `${origin}/pages/enter`,
      response_type: 'code',
      scope: 'snsapi_base',
      state: expect.stringMatching(/^[0-9a-f]{48}$/u) as string,
      agentid: '1000002',
    });
    expect(first.headers.getSetCookie().join()).toMatch(
      /^dangjian_enter=[^;]+; Path=\/pages; Max-Age=300; HttpOnly; SameSite=Lax$/u,
    );
    const enter = cookieOf(first, 'dangjian_enter');
    const state = way.searchParams.get('state') ?? '';

    const refused = async (path: string, cookies: readonly string[], words: string): Promise<void> => {
      const response = await get(path, cookies);
      expect(response.status).toBe(403);
      expect(response.headers.get('location')).toBeNull();
      expect(response.headers.getSetCookie().some((line) => line.startsWith('dangjian_visit='))).toBe(false);
      expect(wordsOf(await response.text())).toContain(words);
    };
    await refused(`/pages/enter?code=abc&state=${state}`, [], '不是从这里开始的');
    await refused(`/pages/enter?code=abc&state=${'0'.repeat(48)}`, [enter], '不是从这里开始的');
    await refused(`/pages/enter?code=abc`, [enter], '不是从这里开始的');
    await refused(`/pages/enter?state=${state}`, [enter], '只能用一次');
    await refused(`/pages/enter?code=${'x'.repeat(513)}&state=${state}`, [enter], '只能用一次');

    // A code that WeCom never gave, and the same once more.
    const made = await get(`/pages/enter?code=made-up&state=${state}`, [enter]);
    expect(made.status).toBe(503);
    expect(wordsOf(await made.text())).toContain('请回到企业微信');
    await refused(`/pages/enter?code=made-up&state=${state}`, [enter], '只能用一次');

    await chat.at(new Date(chat.now().getTime() + 5 * 60_000));
    await refused(`/pages/enter?code=abc&state=${state}`, [enter], '过了时间');

    const forged = [
      'dangjian_visit=member.a',
      'dangjian_visit=%',
      `dangjian_visit=${encodeURIComponent(Buffer.alloc(60).toString('base64'))}`,
      enter.replace('dangjian_enter', 'dangjian_visit'),
    ];
    for (const cookie of forged) expect((await get('/pages/notices', [cookie])).status).toBe(302);
    expect((await get('/pages/nothing')).status).toBe(404);
    expect((await fetch(`${origin}/pages/notices`, { method: 'POST' })).status).toBe(404);
  },
  MODULES,
  OFFERED,
);

story(
  'where WeCom does not answer or takes nothing, nobody gets in, and the next try may',
  async (chat) => {
    await onNotice(chat);
    const link = linkOf(await chat.say('member.a', '看公示'));
    for (const errcode of [-1, 60020, 40029, 42022] as const) {
      chat.wecom.fault({ api: 'auth/getuserinfo', errcode, times: 1 });
      const page = await chat.wecom.open('member.a', link);
      expect(page.status).toBe(503);
      expect(wordsOf(page.html)).toMatch(/系统开小差了（编号 \w+）。过几分钟再试：请回到企业微信/u);
    }
    chat.wecom.forgetTokens();
    expect((await chat.wecom.open('member.a', link)).html).toContain('重阳慰问老党员');
  },
  MODULES,
  OFFERED,
);

story('without a public address no page is offered or served, and the words are as before', async (chat) => {
  await onNotice(chat);
  expect((await chat.say('member.a', '看公示')).text).toContain('正在公示：\n1. F-2026-0001“重阳慰问老党员”');
  expect(chat.newest('member.a', TOWN).text).not.toContain('http');
});

test('a ticket is good for its company, its kind and its time, and for nobody who changes it', () => {
  const vault = createVault(Buffer.alloc(32, 1));
  const now = new Date('2026-11-24T10:00:00+08:00');
  const sealed = sealTicket(vault, 'ww1', { kind: 'visit', userId: 'li' }, now);
  const later = (minutes: number) => new Date(now.getTime() + minutes * 60_000);
  expect(openTicket(vault, 'ww1', 'visit', sealed, later(29))).toMatchObject({ userId: 'li' });
  expect(openTicket(vault, 'ww1', 'visit', sealed, later(30))).toBeUndefined();
  expect(openTicket(vault, 'ww2', 'visit', sealed, now)).toBeUndefined();
  expect(openTicket(vault, 'ww1', 'enter', sealed, now)).toBeUndefined();
  expect(openTicket(createVault(Buffer.alloc(32, 2)), 'ww1', 'visit', sealed, now)).toBeUndefined();
  expect(openTicket(vault, 'ww1', 'visit', vault.seal('phone'), now)).toBeUndefined();
  expect(openTicket(vault, 'ww1', 'visit', '', now)).toBeUndefined();
  const changed = Buffer.from(decodeURIComponent(sealed), 'base64');
  changed[20]! ^= 1;
  expect(openTicket(vault, 'ww1', 'visit', encodeURIComponent(changed.toString('base64')), now)).toBeUndefined();
});

test('templates escape what is put in, in text and in quoted attributes', () => {
  const { source } = html`<p title="${`"'&`}">${['<b>', html`<i>${'<'}</i>`, 1, undefined]}</p>`;
  expect(source).toBe('<p title="&quot;&#39;&amp;">&lt;b&gt;<i>&lt;</i>1</p>');
});
