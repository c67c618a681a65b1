/** A whole year of one town's fund, and fifty at once: told through the encrypted doors, and kept as a ledger a treasurer can read. */
import { expect, vi } from 'vitest';
import { read, story, type Chat } from '../chat.ts';
import { ledger } from '../ledger.ts';

vi.setConfig({ testTimeout: 300_000 });

type Firm = { readonly branch: string; readonly enterprise: string; readonly secretary: string; readonly stars: number };

const OWN: readonly Firm[] = [
  { branch: '力西特党支部', enterprise: '力西特电气', secretary: 'secretary.a', stars: 5 },
  { branch: '明视眼镜党支部', enterprise: '明视眼镜', secretary: 'secretary.b', stars: 4 },
];
const FIRST = ['瑞锋', '恒泰', '东欧', '正茂', '永嘉', '新亚', '锦江', '华光'];
const SECOND = ['阀门', '鞋业', '服装', '电器', '包装', '模具', '印刷'];
/** The first two are of the demo world; the others are laid out by `settled`. */
const firms = (count: number): readonly Firm[] => [
  ...OWN,
  ...Array.from({ length: count - OWN.length }, (_, n) => {
    const name = (FIRST[n % FIRST.length] ?? '') + (SECOND[Math.floor(n / FIRST.length)] ?? '');
    return { branch: `${name}党支部`, enterprise: name, secretary: `chief.${n + 1}`, stars: (n % 5) + 1 };
  }),
];
const newcomersOf = (count: number, officers = 0) => [
  ...firms(count)
    .slice(OWN.length)
    .map(({ secretary, branch }, n) => ({ id: secretary, name: `丙${n + 1}号`, title: `${branch}书记` })),
  ...Array.from({ length: officers }, (_, n) => ({
    id: `officer.${n + 1}`,
    name: `丁${n + 1}号`,
    title: '瞿溪街道党工委组织干部',
  })),
];

/** Enterprises with their branches, secretaries and stars, and more officers, all of the first town. */
async function laidOut(chat: Chat, count: number, officers = 0): Promise<void> {
  const { corp, db } = chat;
  const since = chat.now();
  const id = (kind: string, n: number) => `${corp}:year-${kind}${n}`;
  const more = firms(count).slice(OWN.length);
  const town = `${corp}:town1`;
  await db.client.organisation.createMany({
    data: more.flatMap(({ branch, enterprise }, n) => [
      { id: id('branch', n), corp, code: `year-b${n}`, name: branch, shortName: branch, kind: 'BRANCH', parentId: town },
      {
        id: id('firm', n),
        corp,
        code: `year-e${n}`,
        name: enterprise,
        shortName: enterprise,
        kind: 'ENTERPRISE',
        parentId: town,
      },
    ]),
  });
  for (const n of more.keys())
    await db.client.organisation.update({ where: { id: id('firm', n) }, data: { partyOrganisationId: id('branch', n) } });
  const people = newcomersOf(count, officers).map(({ id: userId, name }, n) => ({
    id: id('person', n),
    corp,
    userId,
    userKey: userId,
    name,
  }));
  await db.client.person.createMany({ data: people });
  await db.client.standing.createMany({
    data: people.map((person, n) => ({
      id: id('standing', n),
      personId: person.id,
      organisationId: n < more.length ? id('branch', n) : town,
      role: n < more.length ? 'PARTY_SECRETARY' : 'SUPERIOR_OFFICER',
      since,
    })),
  });
  const branchIds = [`${corp}:branch1`, `${corp}:branch2`, ...more.map((_, n) => id('branch', n))];
  await db.client.starRating.createMany({
    data: firms(count).map(({ stars }, n) => ({
      id: id('stars', n),
      corp,
      organisationId: branchIds[n] ?? '',
      year: since.getUTCFullYear() - 1,
      score: 900,
      stars,
      state: 'EFFECTIVE',
      proposedAt: since,
      proposerId: 'system',
      since,
    })),
  });
}

/** The last answer; what it set off leaves with the next `settle`. */
async function say({ wecom }: Chat, who: string, ...sentences: readonly string[]): Promise<string> {
  let answer = '';
  for (const words of sentences) answer = (await wecom.say(who, words, 'bot')).bubbles.map(read).join('\n');
  return answer;
}

const MINUTE = 60_000;
/** What the last sentences set off is sent; WeCom takes thirty a minute for one person. */
const minutesOn = (chat: Chat, n = 2) => chat.at(new Date(chat.now().getTime() + n * MINUTE));
const day = (words: string) => new Date(`${words}+08:00`);

/** While cards wait: in steps in which none outlives its code before it is renewed. */
async function until(chat: Chat, moment: Date): Promise<void> {
  const step = 71 * 60 * MINUTE;
  for (let at = chat.now().getTime() + step; at < moment.getTime(); at += step) await chat.at(new Date(at));
  await chat.at(moment);
}

async function deposited(chat: Chat, { enterprise, secretary }: Firm, sum: string): Promise<void> {
  const card = await say(chat, 'cashier.a', `登记入账 ${enterprise} ${sum}`, '确认');
  expect(await say(chat, secretary, `确认入账 ${/D-\d{4}-\d{4}/u.exec(card)?.[0]}`)).toContain('收据 D-');
}

async function given(chat: Chat, words: string): Promise<void> {
  const card = await say(chat, 'cashier.a', words, '确认');
  expect(await say(chat, 'town.a', `确认入账 ${/D-\d{4}-\d{4}/u.exec(card)?.[0]}`)).toContain('收据 D-');
}

const no = (n: number) => `F-2027-${String(n).padStart(4, '0')}`;
const picture = (words: string) => Buffer.from(`\x89PNG\r\n\x1a\n${words} as long as a picture`, 'latin1');

const SEASONS = [
  {
    what: '春节慰问',
    form: '走访慰问',
    held: '2月20日',
    from: '2027-01-11T09:00',
    over: '2027-01-20T09:00',
    done: '2027-02-22T09:00',
  },
  {
    what: '七一党课',
    form: '党课',
    held: '6月29日',
    from: '2027-06-01T09:00',
    over: '2027-06-10T09:00',
    done: '2027-06-30T09:00',
  },
  {
    what: '国庆走访',
    form: '走访慰问',
    held: '9月28日',
    from: '2027-09-01T09:00',
    over: '2027-09-10T09:00',
    done: '2027-09-29T09:00',
  },
] as const;
const TOWN_FIRMS = firms(20);
/** Yuan that firm n asks for three times: more in a year than its own money, and within its line. */
const wish = (n: number) => 700 + 40 * n;

async function season(chat: Chat, which: 0 | 1 | 2): Promise<void> {
  const { what, form, held, from, over, done } = SEASONS[which];
  await chat.at(day(from));
  const first = which * TOWN_FIRMS.length + 1;
  await Promise.all(
    TOWN_FIRMS.map(async ({ secretary }, n) => {
      // Afterwards what was said the last time stands there.
      const answers = which === 0 ? [form, held, '瞿溪敬老院', '30人', `慰问品${wish(n) - 200}、餐费200`] : [held];
      await say(chat, secretary, `申请公积金：${what}`, ...answers, '支委会5人全票同意');
    }),
  );
  for (const [n, { secretary }] of TOWN_FIRMS.entries()) {
    expect(await say(chat, secretary, '确认')).toContain(`${no(first + n)} 已提交`);
  }
  await minutesOn(chat);
  // One is refused, two are objected to: upheld, or ended.
  const refused = first + 3;
  for (const n of TOWN_FIRMS.keys()) {
    const officer = n % 2 ? 'town.a' : 'town.b';
    const words = first + n === refused ? `驳回 ${no(refused)}：街道已有统一安排` : `同意 ${no(first + n)}`;
    expect(await say(chat, officer, words)).toMatch(/初审通过|已驳回/u);
  }
  await minutesOn(chat);
  const [upheld, ended] = [first + 7, first + 11];
  for (const [objector, target, signed] of [
    ['member.a', upheld, '署名'],
    ['worker.a', ended, '不署名'],
  ] as const)
    expect(await say(chat, objector, `异议 ${no(target)}：人数不对`, signed, '确认')).toContain('公示暂停核查');
  await minutesOn(chat, 60);
  await say(chat, 'town.a', `裁定 ${no(upheld)} 维持：签到表核实无误`, '确认');
  await say(chat, 'town.b', `裁定 ${no(ended)} 终止：活动不办了`, '确认');
  expect(await say(chat, 'supervisor.d', `附署裁定 ${no(upheld)}`)).toContain('公示中');
  expect(await say(chat, 'supervisor.e', `附署裁定 ${no(ended)}`)).toContain('因异议终止');

  await until(chat, day(over));
  const going = TOWN_FIRMS.map((firm, n) => ({ ...firm, n, number: no(first + n) })).filter(
    ({ n }) => ![refused, ended].includes(first + n),
  );
  for (const { n, number } of going) {
    expect(await say(chat, n % 2 ? 'town.b' : 'town.a', `同意 ${number}`)).toContain('终审通过');
  }
  await minutesOn(chat);
  for (const { number } of going) {
    expect(await say(chat, 'cashier.a', `拨付 ${number}`, '确认')).toContain('已拨付');
  }
  await minutesOn(chat);
  await chat.at(day(done));
  for (const { n, number, secretary } of going) {
    const images = [1, 2, 3].map((k) => picture(`${number} ${k}`));
    await chat.wecom.say(secretary, { text: `结项 ${number}`, images }, 'bot');
    // Every fourth has something left over.
    const spent = wish(n) - (n % 4 === 0 ? 35 : 0);
    await say(chat, secretary, `${spent}元`, '28人', '办得很好');
    expect(await say(chat, secretary, '确认')).toMatch(n % 4 === 0 ? /结余35元/u : /结项/u);
    if (n % 4 === 0) expect(await say(chat, 'cashier.a', `收到结余 ${number}`)).toContain('结项完成');
  }
  await minutesOn(chat);
}

/** The half-yearly report: a finding put right on the way, then filed. */
async function supervised(chat: Chat, half: string, voucher: string, finding: string): Promise<void> {
  expect(await say(chat, 'supervisor.c', '监督小组')).toContain(`${half}报告要在`);
  await say(chat, 'supervisor.c', `发现问题 ${voucher}：回单没有盖章`, '确认');
  expect(await say(chat, 'cashier.a', `整改 ${finding}：已补盖章回单`)).toContain('已交监督小组复核');
  expect(await say(chat, 'supervisor.d', `销号 ${finding}`)).toContain('已销号');
  expect(await say(chat, 'supervisor.c', '提交监督报告：账实相符', '确认')).toContain(`${half}监督报告`);
  await chat.settle();
  expect(chat.newest('county.a').text).toContain(`${finding} ${voucher}：回单没有盖章（已销号`);
}

story(
  'a year of a town: twenty deposits, sixty applications, objections, two supervision reports, the return; the ledger closes to the fen',
  async (chat) => {
    await chat.at(day('2027-01-04T09:00:00'));
    await laidOut(chat, TOWN_FIRMS.length);
    for (const [n, firm] of TOWN_FIRMS.entries()) await deposited(chat, firm, `${500 + 100 * n}元`);
    await given(chat, '登记财政补助 区财政局 60000.01元');
    await given(chat, '登记群团联筹 区总工会 5000元');
    await season(chat, 0);
    await season(chat, 1);
    await chat.at(day('2027-07-02T09:30:00'));
    await supervised(chat, '2027年上半年', 'P-2027-0003', 'J-2027-0001');
    await season(chat, 2);
    await chat.at(day('2028-01-05T09:30:00'));
    await supervised(chat, '2027年下半年', 'P-2027-0150', 'J-2028-0001');
    expect(await say(chat, 'town.a', '办理2027年度返还', '确认')).toContain('20家预存企业');
    expect(await say(chat, 'town.b', '办理2027年度返还', '确认')).toContain('一年只办一次');
    await chat.settle();
    expect(chat.newest('secretary.a').text).toContain('2027年度返还对账单');

    const applications = await chat.db.client.fundApplication.groupBy({
      by: ['state'],
      where: { corp: chat.corp },
      _count: true,
      orderBy: { state: 'asc' },
    });
    expect(applications.map(({ state, _count }) => `${state} ${_count}`)).toEqual(['REJECTED 3', 'SETTLED 54', 'TERMINATED 3']);
    // What was spent is what the secretaries said they had spent, to the fen.
    const spent = [...TOWN_FIRMS.keys()]
      .filter((n) => n !== 3 && n !== 11)
      .map((n) => SEASONS.length * (wish(n) - (n % 4 === 0 ? 35 : 0)));
    const paid = await chat.db.client.fundAccount.aggregate({
      where: { corp: chat.corp, kind: 'SPENT' },
      _sum: { balance: true },
    });
    expect(paid._sum.balance).toBe(BigInt(100 * spent.reduce((sum, yuan) => sum + yuan, 0)));
    await expect(await ledger(chat.db, chat.corp)).toMatchFileSnapshot('fund-year.ledger.txt');
  },
  undefined,
  { newcomers: newcomersOf(TOWN_FIRMS.length) },
);

const FIFTY = 50;
const OFFICERS = 5;
/** The common money that there is, and what each asks of it beyond its own 500. */
const COMMON = 20_500;
const EACH = 1_000;

/** Every branch has 500 of its own and asks for 1,500: one half of a hundred wants what twenty can have. */
async function fiftyAsked(chat: Chat): Promise<void> {
  await laidOut(chat, FIFTY, OFFICERS);
  await minutesOn(chat);
  for (const [n, firm] of firms(FIFTY).entries()) {
    await deposited(chat, firm, '500元');
    if (n % 10 === 9) await minutesOn(chat);
  }
  await given(chat, `登记财政补助 区财政局 ${COMMON}元`);
  await Promise.all(
    firms(FIFTY).map(async ({ secretary }) => {
      const answers = ['走访慰问', '12月20日', '瞿溪敬老院', '30人', `慰问品${500 + EACH}`, '支委会通过'];
      await say(chat, secretary, '申请公积金：冬至慰问老党员', ...answers);
    }),
  );
  for (const [n, { secretary }] of firms(FIFTY).entries()) {
    expect(await say(chat, secretary, '确认')).toContain('已提交');
    if (n % 10 === 9) await minutesOn(chat);
  }
}

const number = (n: number) => `F-2026-${String(n + 1).padStart(4, '0')}`;

/** What lies in holds, by application. */
async function held({ db, corp }: Chat): Promise<ReadonlyMap<string, bigint>> {
  const rows = await db.client.fundAccount.groupBy({ by: ['tag'], where: { corp, kind: 'HOLD' }, _sum: { balance: true } });
  return new Map(rows.flatMap(({ tag, _sum }) => (_sum.balance ? [[tag, _sum.balance] as const] : [])));
}

story(
  'fifty at once against one balance: exactly what fits is set aside, whoever comes too late hears by how much',
  async (chat) => {
    await fiftyAsked(chat);
    const officers = [
      'town.a',
      'town.b',
      ...newcomersOf(FIFTY, OFFICERS)
        .slice(-OFFICERS)
        .map(({ id }) => id),
    ];
    const queues = officers.map((_, at) => [...Array(FIFTY).keys()].filter((n) => n % officers.length === at));
    const said = await Promise.all(
      officers.map(async (officer, at) => {
        const answers: string[] = [];
        for (const n of queues[at] ?? []) answers.push(await say(chat, officer, `同意 ${number(n)}`));
        return answers;
      }),
    );
    await chat.settle();
    const fits = Math.floor(COMMON / EACH);
    expect(said.flat().filter((words) => words.includes('初审通过'))).toHaveLength(fits);
    expect(said.flat().filter((words) => words.includes('现在资金不够，还差500元'))).toHaveLength(FIFTY - fits);
    const holds = await held(chat);
    expect([...holds.values()]).toEqual(Array.from({ length: fits }, () => BigInt(100 * (500 + EACH))));
    expect(await say(chat, 'cashier.a', '公积金余额')).toContain('财政补助：500元（另占用20,000元）');
    expect(await chat.db.client.fundApplication.count({ where: { corp: chat.corp, state: 'ON_NOTICE' } })).toBe(fits);
  },
  undefined,
  { newcomers: newcomersOf(FIFTY, OFFICERS) },
);

story('gone between the hold and the reply: what comes again finds it done once, and says the same', async (chat) => {
  await laidOut(chat, OWN.length);
  for (const firm of OWN) await deposited(chat, firm, '2000元');
  const answers = ['走访慰问', '12月20日', '瞿溪敬老院', '30人', '慰问品800', '支委会通过', '确认'];
  await say(chat, 'secretary.a', '申请公积金：冬至慰问老党员', ...answers);
  const keys = ['session', 'answer:session'].map((kind) => `${kind}:${chat.corp}:town.a`);
  const approve = async (msgid: string) =>
    (await chat.wecom.say('town.a', '同意 F-2026-0001', 'bot', { msgid })).bubbles.map(read).join('\n');
  const setAll = chat.state.setAll.bind(chat.state);
  // Committed, and then nothing of it is remembered: no session, no answer.
  chat.state.setAll = () => Promise.reject(new Error('gone'));
  const lost = await approve('hold');
  chat.state.setAll = setAll;
  for (const key of [...keys, `answer:session:${chat.corp}:town.a:hold`]) await chat.state.delete(key);
  expect(await approve('hold')).toBe(lost);
  expect(lost).toContain('初审通过');
  expect(await approve('again')).toContain('已由张同志在今天10:00初审通过');
  await chat.settle();
  expect([...(await held(chat))]).toEqual([['F-2026-0001', 80_000n]]);
  expect(await chat.db.client.fundEntry.count({ where: { corp: chat.corp, kind: 'HOLD' } })).toBe(1);
});
