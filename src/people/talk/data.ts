/** 我的资料: what is stored of the one who asks, to read, to take away, and to have put right (rules.md row 119). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { defineModule, type Kept, type Module } from '../../bot/module.ts';
import { sure } from '../../bot/pattern.ts';
import { text } from '../../bot/slots/text.ts';
import { dayOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { abilitiesOf, everyHolder, holders, sealedPhone, standingsOf } from '../store.ts';
import { anybody } from '../who.ts';
import { called } from '../words.ts';
import { shown } from './abilities.ts';
import { signed } from './lend.ts';

/** Characters in one message: what WeCom takes, at three bytes each. */
const MESSAGE = 600;

/** @param modules whatever keeps something about people */
export function dataOf(modules: readonly Pick<Module, 'keeps'>[]) {
  const kept = async (ctx: Ctx): Promise<Kept[]> => {
    const found: Kept[] = [];
    for (const module of modules) {
      const own = await module.keeps?.(ctx);
      if (own) found.push(own);
    }
    return found;
  };

  const mine = defineIntent({
    name: 'data.mine',
    title: '我的资料',
    help: '“我的资料”：我这里存了您的哪些信息',
    says: ['我的资料', '你存了我哪些信息', '看我的资料'],
    matches: [
      sure`(?:看|查|看看|查看)?我的(?:个人)?(?:资料|信息)`,
      sure`(?:你们?)?(?:存|保存|记)了我(?:的)?(?:哪些|什么)(?:资料|信息)[？?]?`,
    ],
    who: anybody,
    where: 'private',
    slots: {},
    reads: true,
    async run(ctx) {
      const counted = (await kept(ctx)).map(({ line }) => line);
      return {
        text: [...(await onRoster(ctx)), ...counted, '要全部内容，说“导出我的资料”；哪里不对，说“资料有误：……”。'].join('\n'),
      };
    },
  });

  const take = defineIntent({
    name: 'data.export',
    title: '导出我的资料',
    help: '“导出我的资料”：存着的都发给您',
    says: ['导出我的资料', '把我的资料发给我'],
    matches: [sure`(?:导出|下载)我的(?:个人)?(?:资料|信息)`, sure`把我的(?:个人)?(?:资料|信息)(?:都|全部)?(?:发给我|导出来?)`],
    who: anybody,
    where: 'private',
    slots: {},
    async run(ctx) {
      const all = (await kept(ctx)).flatMap(({ line, all: each }) => [line, ...each]);
      const end = '您办过的事留有记录（什么时候、以什么身份、办了什么），按规定不删除。';
      const [first = '', ...rest] = inMessages([...(await onRoster(ctx)), ...all, end]);
      ctx.record('我的资料', { messages: rest.length + 1 });
      const place = (n: number) => (rest.length === 0 ? '' : `（第${n}条，共${rest.length + 1}条）\n`);
      rest.forEach((part, i) => ctx.notify([ctx.actor], { text: place(i + 2) + part }, { kind: 'ask', urgent: true }));
      return { text: place(1) + first };
    },
  });

  const wrong = defineIntent({
    name: 'data.wrong',
    title: '资料有误',
    help: '“资料有误：手机号换了”：转给管名册的人改',
    says: ['资料有误：手机号换了', '我的资料不对', '资料有误'],
    near: ['我要改电话', '我换号码了', '我电话换了', '号码登记错了'],
    matches: [sure`(?:我的)?(?:个人)?(?:资料|信息)(?:有误|不对|错了|有错|写错了)(?:\s*[：:，, ]\s*(?<wrong>.+))?`],
    who: anybody,
    where: 'private',
    slots: { wrong: text('哪里不对', '哪里不对，应该是什么？请用一句话说说。', { max: 200 }) },
    async run(ctx, said) {
      const { names, to } = await keepers(ctx);
      const { name, standing } = ctx.actor;
      ctx.record('我的资料', { wrong: true });
      ctx.notify(
        to,
        { text: `${name}（${standing.title}）说自己的资料有误：${said.wrong}\n请核对。要改，就改好名册文件再导入。` },
        { kind: 'ask' },
      );
      return { text: `已转给${names}核对：“${said.wrong}”。改好以后，说“我的资料”就能看到。` };
    },
  });

  return defineModule({ name: 'data', title: '我的资料', intents: [mine, take, wrong] });
}

async function onRoster(ctx: Ctx): Promise<string[]> {
  const { id, name, userId } = ctx.actor;
  const sealed = await sealedPhone(ctx, id);
  const phone = sealed === undefined ? '没有登记' : `尾号${ctx.vault.open(sealed).slice(-4)}`;
  const standings = (await standingsOf(ctx, id)).map(({ title, since, until, lender }) => {
    const whose = lender === null ? title : signed(title, lender);
    const last = until === null ? '' : `，到${dayOf(new Date(until.getTime() - 1))}`;
    return `身份：${whose}，${dayOf(since)}起${last}`;
  });
  const abilities = shown(await abilitiesOf(ctx));
  const said = abilities === '' ? [] : [`您说过：${abilities}`];
  return [`姓名：${name}`, `账号：${userId}`, `手机：${phone}`, ...said, ...standings];
}

/** Who can put the roster right: the administrators, or the secretary where there is none. @throws Refusal when there is neither */
async function keepers(ctx: Ctx): Promise<{ names: string; to: readonly { userId: string }[] }> {
  const administrators = await everyHolder(ctx, 'ADMINISTRATOR');
  if (administrators.length > 0)
    return { names: `系统管理员${administrators.map(({ name }) => called(name, undefined)).join('、')}`, to: administrators };
  const { organisation } = ctx.actor.standing;
  const secretaries = await holders(ctx, (organisation.partyOrganisation ?? organisation).id, ['PARTY_SECRETARY']);
  if (secretaries.length === 0) refuse('data.nobody', '现在没有人能改名册。请当面告诉您单位的党支部书记，或联系所在镇街。');
  return { names: secretaries.map((secretary) => secretary.called).join('、'), to: secretaries };
}

/** Whole lines, as many as one message takes. */
function inMessages(lines: readonly string[]): string[] {
  const messages: string[] = [];
  for (const line of lines) {
    const last = messages.at(-1);
    if (last !== undefined && last.length + line.length < MESSAGE) messages[messages.length - 1] = `${last}\n${line}`;
    else messages.push(line);
  }
  return messages;
}
