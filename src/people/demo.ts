/** The demo world: what `npm run seed -- --demo` lays out and the playground shows. */
import { ROLE, type MembershipKind, type OrganisationKind, type Position, type Role } from './words.ts';

type DemoOrganisation = {
  readonly id: string;
  readonly name: string;
  readonly shortName: string;
  readonly kind: OrganisationKind;
  readonly parent?: string;
  readonly party?: string;
};

export const DEMO_ORGANISATIONS: readonly DemoOrganisation[] = [
  { id: 'county', name: '温州市瓯海区', shortName: '瓯海区', kind: 'COUNTY' },
  { id: 'orgdept', name: '瓯海区委组织部', shortName: '区委组织部', kind: 'COUNTY_ORG_DEPARTMENT', parent: 'county' },
  { id: 'twonew', name: '瓯海区委两新工委', shortName: '区委两新工委', kind: 'TWO_NEW_COMMITTEE', parent: 'county' },
  { id: 'hotline', name: '瓯海区红色征集热线', shortName: '红色征集热线', kind: 'HOTLINE', parent: 'county' },
  { id: 'town1', name: '瞿溪街道党工委', shortName: '瞿溪街道党工委', kind: 'TOWN', parent: 'county' },
  { id: 'town2', name: '郭溪街道党工委', shortName: '郭溪街道党工委', kind: 'TOWN', parent: 'county' },
  { id: 'branch1', name: '力西特电气有限公司党支部', shortName: '力西特党支部', kind: 'BRANCH', parent: 'town1' },
  { id: 'branch2', name: '明视眼镜有限公司党支部', shortName: '明视眼镜党支部', kind: 'BRANCH', parent: 'town1' },
  { id: 'branch3', name: '华丰皮革有限公司党支部', shortName: '华丰皮革党支部', kind: 'BRANCH', parent: 'town2' },
  {
    id: 'enterprise1',
    name: '力西特电气有限公司',
    shortName: '力西特电气',
    kind: 'ENTERPRISE',
    parent: 'town1',
    party: 'branch1',
  },
  { id: 'enterprise2', name: '明视眼镜有限公司', shortName: '明视眼镜', kind: 'ENTERPRISE', parent: 'town1', party: 'branch2' },
  { id: 'enterprise3', name: '华丰皮革有限公司', shortName: '华丰皮革', kind: 'ENTERPRISE', parent: 'town2', party: 'branch3' },
  { id: 'enterprise4', name: '宏泰五金有限公司', shortName: '宏泰五金', kind: 'ENTERPRISE', parent: 'town1' },
  { id: 'alliance', name: '瓯海区电气产业链党建联盟', shortName: '电气产业链党建联盟', kind: 'ALLIANCE', parent: 'county' },
];

/** All of the one alliance. */
export const DEMO_MEMBERS: readonly (readonly [enterprise: string, kind: MembershipKind, position: Position])[] = [
  ['enterprise1', 'LEAD', 'MIDSTREAM'],
  ['enterprise2', 'ORGANISED', 'DOWNSTREAM'],
  ['enterprise3', 'ORGANISED', 'SUPPORTING'],
  ['enterprise4', 'AFFILIATE', 'UPSTREAM'],
];

type DemoPerson = {
  readonly userId: string;
  readonly name: string;
  readonly standings: readonly (readonly [role: Role, organisation: string])[];
};

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { userId: 'worker.a', name: '李大勇', standings: [['WORKER', 'enterprise1']] },
  { userId: 'member.a', name: '陈志远', standings: [['PARTY_MEMBER', 'branch1']] },
  { userId: 'member.b', name: '周晓燕', standings: [['PARTY_MEMBER', 'branch1']] },
  { userId: 'member.c', name: '吴建军', standings: [['PARTY_MEMBER', 'branch2']] },
  { userId: 'secretary.a', name: '林国强', standings: [['PARTY_SECRETARY', 'branch1']] },
  { userId: 'secretary.b', name: '黄丽华', standings: [['PARTY_SECRETARY', 'branch2']] },
  { userId: 'town.a', name: '张文斌', standings: [['SUPERIOR_OFFICER', 'town1']] },
  { userId: 'town.b', name: '郑海燕', standings: [['SUPERIOR_OFFICER', 'town1']] },
  {
    userId: 'county.a',
    name: '王建平',
    standings: [
      ['COUNTY_ORG_DEPARTMENT', 'orgdept'],
      ['ADMINISTRATOR', 'county'],
    ],
  },
  { userId: 'twonew.a', name: '徐敏', standings: [['TWO_NEW_COMMITTEE', 'twonew']] },
  { userId: 'hotline.a', name: '叶小芳', standings: [['HOTLINE_AGENT', 'hotline']] },
  {
    userId: 'scout.a',
    name: '金文龙',
    standings: [
      ['SCOUT', 'town1'],
      ['PARTY_MEMBER', 'branch2'],
    ],
  },
  { userId: 'cashier.a', name: '潘雪梅', standings: [['CASHIER', 'town1']] },
  {
    userId: 'supervisor.a',
    name: '蔡永发',
    standings: [
      ['SUPERVISOR', 'town1'],
      ['OWNER', 'enterprise1'],
    ],
  },
  {
    userId: 'supervisor.b',
    name: '谢秀珍',
    standings: [
      ['SUPERVISOR', 'town1'],
      ['OWNER', 'enterprise2'],
    ],
  },
  {
    userId: 'supervisor.c',
    name: '胡德明',
    standings: [
      ['SUPERVISOR', 'town1'],
      ['PARTY_MEMBER', 'branch1'],
    ],
  },
  {
    userId: 'supervisor.d',
    name: '朱巧云',
    standings: [
      ['SUPERVISOR', 'town1'],
      ['PARTY_MEMBER', 'branch2'],
    ],
  },
  {
    userId: 'supervisor.e',
    name: '方立民',
    standings: [
      ['SUPERVISOR', 'town1'],
      ['PARTY_MEMBER', 'branch2'],
    ],
  },
  { userId: 'general.a', name: '杨立新', standings: [['SECRETARY_GENERAL', 'alliance']] },
  { userId: 'first.a', name: '何志刚', standings: [['FIRST_SECRETARY', 'alliance']] },
  { userId: 'owner.c', name: '夏海波', standings: [['OWNER', 'enterprise3']] },
  { userId: 'owner.d', name: '邵永康', standings: [['OWNER', 'enterprise4']] },
];

/** In the corp's address book, not on the roster. */
const DEMO_OUTSIDER = { userId: 'outsider.a', name: '孙明' } as const;

export const DEMO_GROUPS = [
  {
    id: 'wrDemoAlliance',
    name: '电气产业链党建联盟群',
    members: [
      'worker.a',
      'member.a',
      'member.b',
      'member.c',
      'secretary.a',
      'secretary.b',
      'general.a',
      'first.a',
      'owner.c',
      'owner.d',
      'outsider.a',
    ],
  },
  {
    id: 'wrDemoTown',
    name: '瞿溪街道两新党建群',
    members: [
      'secretary.a',
      'secretary.b',
      'town.a',
      'town.b',
      'cashier.a',
      'scout.a',
      'supervisor.a',
      'supervisor.b',
      'supervisor.c',
      'supervisor.d',
      'supervisor.e',
      'member.a',
      'member.c',
    ],
  },
] as const;

/** Everybody in the corp's address book, with what they are. */
export function demoDirectory(): { id: string; name: string; title: string }[] {
  const shortName = (id: string) => DEMO_ORGANISATIONS.find((organisation) => organisation.id === id)?.shortName ?? '';
  const title = ({ standings }: DemoPerson) =>
    standings.map(([role, organisation]) => shortName(organisation) + ROLE[role]).join('、');
  return [
    ...DEMO_PEOPLE.map((person) => ({ id: person.userId, name: person.name, title: title(person) })),
    { id: DEMO_OUTSIDER.userId, name: DEMO_OUTSIDER.name, title: '不在名册里' },
  ];
}
