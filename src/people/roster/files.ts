/** 名册文件 the bot makes: the template to fill in, and the roster as it is. */
import type { Ctx } from '../../bot/ctx.ts';
import { MEMBERSHIP, ORGANISATION_KIND, POSITION, ROLE } from '../words.ts';
import { membershipsIn, type Roster } from './rules.ts';
import { loadRoster } from './store.ts';
import { writeRoster, type Rows } from './workbook.ts';

/** A small example that can be imported as it is; people replace it by their own. */
const EXAMPLE: Roster<string> = {
  organisations: [
    { code: 'county', name: '温州市瓯海区', shortName: '瓯海区', kind: 'COUNTY', parent: null, party: null, alliances: null },
    {
      code: 'zzb',
      name: '瓯海区委组织部',
      shortName: '区委组织部',
      kind: 'COUNTY_ORG_DEPARTMENT',
      parent: 'county',
      party: null,
      alliances: null,
    },
    {
      code: 'qx',
      name: '瞿溪街道党工委',
      shortName: '瞿溪街道党工委',
      kind: 'TOWN',
      parent: 'county',
      party: null,
      alliances: null,
    },
    {
      code: 'qx-01',
      name: '力西特电气有限公司党支部',
      shortName: '力西特党支部',
      kind: 'BRANCH',
      parent: 'qx',
      party: null,
      alliances: null,
    },
    {
      code: 'dq',
      name: '瓯海区电气产业链党建联盟',
      shortName: '电气产业链联盟',
      kind: 'ALLIANCE',
      parent: 'county',
      party: null,
      alliances: null,
    },
    {
      code: 'qx-q01',
      name: '力西特电气有限公司',
      shortName: '力西特电气',
      kind: 'ENTERPRISE',
      parent: 'qx',
      party: 'qx-01',
      alliances: 'dq:LEAD:MIDSTREAM',
    },
  ],
  people: [
    { account: 'wangjianping', name: '王建平', phone: '13800000001', skills: [] },
    { account: 'zhangwenbin', name: '张文斌', phone: null, skills: [] },
    { account: 'linguoqiang', name: '林国强', phone: '13800000002', skills: [] },
    { account: 'lidayong', name: '李大勇', phone: null, skills: ['电工', '急救'] },
  ],
  standings: [
    { account: 'wangjianping', role: 'ADMINISTRATOR', organisation: 'county', until: null },
    { account: 'wangjianping', role: 'COUNTY_ORG_DEPARTMENT', organisation: 'zzb', until: null },
    { account: 'zhangwenbin', role: 'SUPERIOR_OFFICER', organisation: 'qx', until: null },
    { account: 'linguoqiang', role: 'PARTY_SECRETARY', organisation: 'qx-01', until: null },
    { account: 'lidayong', role: 'WORKER', organisation: 'qx-q01', until: null },
  ],
};

export function templateRoster(): Promise<Buffer> {
  return writeRoster(inWords(EXAMPLE), { notes: true });
}

/** The roster as a file that imports to no change. Phones stand in it whole: the audit row says that it was made. */
export async function exportRoster(ctx: Ctx): Promise<Buffer> {
  const roster = await loadRoster(ctx);
  ctx.record('名册', { exported: roster.people.length });
  const people = roster.people.map(({ phone, ...rest }) => ({
    ...rest,
    phone: phone === null ? null : ctx.vault.open(phone.sealed),
  }));
  return writeRoster(inWords({ ...roster, people }), { notes: false });
}

function inWords({ organisations, people, standings }: Roster<string>): Rows {
  const names = new Map(organisations.map(({ code, name }) => [code, name]));
  return {
    organisations: organisations.map((row) => ({
      ...row,
      kind: ORGANISATION_KIND[row.kind],
      alliances: membershipsIn(row.alliances)
        .map(({ alliance, kind, position }) => `${names.get(alliance) ?? alliance} ${MEMBERSHIP[kind]} ${POSITION[position]}`)
        .join('；'),
    })),
    people: people.map(({ skills, ...row }) => ({ ...row, skills: skills.join('、') })),
    standings: standings.map((row) => ({
      ...row,
      role: ROLE[row.role],
      organisation: names.get(row.organisation) ?? row.organisation,
    })),
  };
}
