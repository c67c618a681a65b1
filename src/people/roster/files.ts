/** 名册文件 the bot makes: the template to fill in, and the roster as it is. */
import type { Ctx } from '../../bot/ctx.ts';
import { ORGANISATION_KIND, ROLE } from '../words.ts';
import type { Roster } from './rules.ts';
import { loadRoster } from './store.ts';
import { writeRoster, type Rows } from './workbook.ts';

/** A small example that can be imported as it is; people replace it by their own. */
const EXAMPLE: Roster<string> = {
  organisations: [
    { code: 'county', name: '温州市瓯海区', shortName: '瓯海区', kind: 'COUNTY', parent: null, party: null },
    {
      code: 'zzb',
      name: '瓯海区委组织部',
      shortName: '区委组织部',
      kind: 'COUNTY_ORG_DEPARTMENT',
      parent: 'county',
      party: null,
    },
    { code: 'qx', name: '瞿溪街道党工委', shortName: '瞿溪街道党工委', kind: 'TOWN', parent: 'county', party: null },
    { code: 'qx-01', name: '力西特电气有限公司党支部', shortName: '力西特党支部', kind: 'BRANCH', parent: 'qx', party: null },
    { code: 'qx-q01', name: '力西特电气有限公司', shortName: '力西特电气', kind: 'ENTERPRISE', parent: 'qx', party: 'qx-01' },
  ],
  people: [
    { account: 'wangjianping', name: '王建平', phone: '13800000001' },
    { account: 'zhangwenbin', name: '张文斌', phone: null },
    { account: 'linguoqiang', name: '林国强', phone: '13800000002' },
    { account: 'lidayong', name: '李大勇', phone: null },
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
    organisations: organisations.map((row) => ({ ...row, kind: ORGANISATION_KIND[row.kind] })),
    people,
    standings: standings.map((row) => ({
      ...row,
      role: ROLE[row.role],
      organisation: names.get(row.organisation) ?? row.organisation,
    })),
  };
}
