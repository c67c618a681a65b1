/** 1+X+N: which enterprises are in an alliance. Its secretary-general keeps the list (rules.md 1.1). */
import type { Organisation } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { because } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { text } from '../../bot/slots/text.ts';
import { refuse } from '../../kernel/refusal.ts';
import { createMemberships, endMembership, firmsOf, organisationsCalled } from '../store.ts';
import { holding } from '../who.ts';
import { MEMBERSHIP, POSITION, type Position } from '../words.ts';

const keeper = holding(['SECRETARY_GENERAL'], '联盟成员由联盟秘书长管，请找秘书长。');
const enterprise = text('企业', '是哪家企业？请说全称或简称。', { max: 60 });
const POSITIONS = Object.keys(POSITION) as readonly Position[];

export const admit = defineIntent({
  name: 'alliance.admit',
  title: '企业加入联盟',
  help: '“加入联盟 宏泰五金 上游”：把一家企业登记进您的联盟',
  says: ['加入联盟 宏泰五金 上游', '加入联盟 宏泰五金'],
  near: ['想加入联盟', '怎么加入联盟'],
  matches: [sure`加入联盟\s*(?<enterprise>[^\s]+)(?:\s+(?<position>上游|中游|下游|配套))?`],
  who: keeper,
  where: 'anywhere',
  slots: {
    enterprise,
    position: because(
      choice(
        '链上位置',
        '这家企业在产业链的哪一段？',
        POSITIONS.map((value) => ({ value, show: POSITION[value] })),
      ),
      '联盟要覆盖全产业链上下游，所以每家都记在链上哪一段。',
    ),
  },
  confirm: '请核对：加入联盟',
  async run(ctx, said) {
    const alliance = ctx.actor.standing.organisation;
    const firm = await theEnterprise(ctx, said.enterprise);
    const members = await firmsOf(ctx, alliance.id);
    if (members.some(({ id }) => id === firm.id))
      refuse('alliance.member', `${firm.shortName}已经在${alliance.shortName}里，不用再加。`);
    const kind = firm.partyOrganisation ? 'ORGANISED' : 'AFFILIATE';
    await createMemberships(ctx.tx, [
      { id: ctx.id(), allianceId: alliance.id, enterpriseId: firm.id, kind, position: said.position, since: ctx.now },
    ]);
    ctx.record(firm.name, { alliance: alliance.id, admitted: firm.id });
    const why = kind === 'ORGANISED' ? '有党组织' : '还没建党组织';
    return {
      text: `${firm.shortName}已加入${alliance.shortName}（${why}，算${MEMBERSHIP[kind]}单位），现在共${members.length + 1}家。`,
    };
  },
});

export const release = defineIntent({
  name: 'alliance.release',
  title: '企业退出联盟',
  help: '“退出联盟 宏泰五金”：一家企业不再是您联盟的成员',
  says: ['退出联盟 宏泰五金'],
  matches: [sure`退出联盟\s*(?<enterprise>[^\s]+)`],
  who: keeper,
  where: 'anywhere',
  slots: { enterprise },
  confirm: '请核对：退出联盟',
  async run(ctx, said) {
    const alliance = ctx.actor.standing.organisation;
    const firm = await theEnterprise(ctx, said.enterprise);
    if (!(await endMembership(ctx, alliance.id, firm.id)))
      refuse('alliance.no-member', `${firm.shortName}不在${alliance.shortName}里。说“联盟成员”看有哪些企业。`);
    ctx.record(firm.name, { alliance: alliance.id, released: firm.id });
    return { text: `${firm.shortName}已退出${alliance.shortName}。已经报名、还没截单的团购不再算它的。` };
  },
});

export const listMembers = defineIntent({
  name: 'alliance.members',
  title: '联盟成员',
  help: '“联盟成员”：看您的联盟里有哪些企业',
  says: ['联盟成员', '看联盟成员'],
  matches: [sure`(?:看|查)?(?:一下)?联盟(?:成员|企业|名单)`],
  who: holding(['SECRETARY_GENERAL', 'FIRST_SECRETARY'], '联盟成员名单请找联盟秘书长看。'),
  where: 'anywhere',
  slots: {},
  reads: true,
  async run(ctx) {
    const alliance = ctx.actor.standing.organisation;
    const members = await firmsOf(ctx, alliance.id);
    const count = (kind: keyof typeof MEMBERSHIP) => members.filter((member) => member.kind === kind).length;
    const lines = members
      .slice(0, LINES)
      .map(({ shortName, kind, position }) => `${shortName}（${MEMBERSHIP[kind]}，${POSITION[position]}）`);
    const more = members.length > LINES ? [`还有${members.length - LINES}家。`] : [];
    return {
      text: [
        `${alliance.shortName}：牵头${count('LEAD')}家，参与${count('ORGANISED')}家，加盟${count('AFFILIATE')}家，共${members.length}家。`,
        ...lines,
        ...more,
      ].join('\n'),
    };
  },
});

const LINES = 20;

/** @throws Refusal when there is none or several of that name */
async function theEnterprise(ctx: Ctx, words: string): Promise<Organisation> {
  const [firm, second] = (await organisationsCalled(ctx, words)).filter(({ kind }) => kind === 'ENTERPRISE');
  if (!firm) return refuse('alliance.unknown', `没有找到企业“${words}”，请说名册里的全称或简称。`);
  if (second) return refuse('alliance.several', `有几家企业都叫“${words}”，请说全称。`);
  return firm;
}
