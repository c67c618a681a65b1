/** The nouns of people and organisations, and how they are read. */
import type { Organisation } from '../bot/actor.ts';

/** 组织类别. A Party organisation may review; an enterprise has one, its own or joint, or none yet. */
export const ORGANISATION_KIND = {
  COUNTY: '县（市、区）',
  COUNTY_ORG_DEPARTMENT: '县级组织部门',
  TWO_NEW_COMMITTEE: '两新工委',
  HOTLINE: '红色征集热线',
  TOWN: '乡镇（街道）党（工）委',
  PARK: '园区综合党委',
  COMMITTEE: '党委',
  GENERAL_BRANCH: '党总支',
  BRANCH: '党支部',
  PARTY_GROUP: '党小组',
  ENTERPRISE: '企业',
  ALLIANCE: '产业链党建联盟',
} as const;
export type OrganisationKind = keyof typeof ORGANISATION_KIND;

/** 角色 (rules.md 1.0). The word follows the organisation's short name: 力西特党支部 + 书记. */
export const ROLE = {
  WORKER: '职工',
  OWNER: '企业主',
  PARTY_MEMBER: '党员',
  PARTY_SECRETARY: '书记',
  SUPERIOR_OFFICER: '组织干部',
  COUNTY_ORG_DEPARTMENT: '干部',
  TWO_NEW_COMMITTEE: '干部',
  FIRST_SECRETARY: '第一书记',
  SECRETARY_GENERAL: '秘书长',
  HOTLINE_AGENT: '坐席',
  SCOUT: '需求项目搜索员',
  CASHIER: '出纳',
  SUPERVISOR: '监督小组成员',
  ADMINISTRATOR: '系统管理员',
} as const;
export type Role = keyof typeof ROLE;

const TOWNS: readonly OrganisationKind[] = ['TOWN', 'PARK'];
const COUNTY_LEVEL: readonly OrganisationKind[] = ['COUNTY', 'COUNTY_ORG_DEPARTMENT', 'TWO_NEW_COMMITTEE'];

/** 1+X+N: X has a Party organisation of its own or joint, N has none yet. */
export const MEMBERSHIP = { LEAD: '牵头', ORGANISED: '参与', AFFILIATE: '加盟' } as const;
export type MembershipKind = keyof typeof MEMBERSHIP;

/** Where in the chain a firm stands. */
export const POSITION = { UPSTREAM: '上游', MIDSTREAM: '中游', DOWNSTREAM: '下游', SUPPORTING: '配套' } as const;
export type Position = keyof typeof POSITION;

/** At which kinds of organisation one can hold a role; with it the word alone tells which 干部 is meant. */
export const ROLE_AT: Readonly<Record<Role, readonly OrganisationKind[]>> = {
  WORKER: ['ENTERPRISE'],
  OWNER: ['ENTERPRISE'],
  PARTY_MEMBER: ['COMMITTEE', 'GENERAL_BRANCH', 'BRANCH', 'PARTY_GROUP'],
  PARTY_SECRETARY: ['COMMITTEE', 'GENERAL_BRANCH', 'BRANCH'],
  SUPERIOR_OFFICER: TOWNS,
  COUNTY_ORG_DEPARTMENT: ['COUNTY_ORG_DEPARTMENT'],
  TWO_NEW_COMMITTEE: ['TWO_NEW_COMMITTEE'],
  FIRST_SECRETARY: ['ALLIANCE'],
  SECRETARY_GENERAL: ['ALLIANCE'],
  HOTLINE_AGENT: ['HOTLINE'],
  SCOUT: [...TOWNS, 'ALLIANCE'],
  CASHIER: [...TOWNS, 'ENTERPRISE'],
  SUPERVISOR: [...TOWNS, 'ENTERPRISE'],
  ADMINISTRATOR: COUNTY_LEVEL,
};

/** Offices that act for the organisation right above them: what is a county's is theirs to do. */
export const DEPARTMENTS: readonly string[] = [
  'COUNTY_ORG_DEPARTMENT',
  'TWO_NEW_COMMITTEE',
  'HOTLINE',
] satisfies OrganisationKind[];

/** 县级组织部门和两新工委: the two bodies of a county. */
export const COUNTY_ROLES = ['COUNTY_ORG_DEPARTMENT', 'TWO_NEW_COMMITTEE'] as const satisfies readonly Role[];

/** Whether who stands in `organisation` acts for that one: it is the same, or its department. */
export function actsFor(organisation: Organisation, id: string): boolean {
  return organisation.id === id || (DEPARTMENTS.includes(organisation.kind) && organisation.parent?.id === id);
}

/** How one is called after the surname, which is all a group may read (rules.md 1.0). 党员 is not among them: it is private. */
const FORM_OF_ADDRESS: Partial<Record<Role, string>> = {
  WORKER: '师傅',
  OWNER: '总',
  PARTY_SECRETARY: '书记',
  FIRST_SECRETARY: '书记',
  SECRETARY_GENERAL: '秘书长',
};

const DOUBLE_SURNAMES = [
  '欧阳',
  '司马',
  '上官',
  '诸葛',
  '夏侯',
  '皇甫',
  '尉迟',
  '公孙',
  '慕容',
  '令狐',
  '司徒',
  '端木',
  '南宫',
  '东方',
];

/** 林书记; in a standing that was lent 周同志（受林书记委托）. @param lender the name of whose standing it is */
export function called(name: string, role: Role | undefined, lender?: string | null): string {
  if (lender) return `${called(name, undefined)}（受${called(lender, role)}委托）`;
  const surname = DOUBLE_SURNAMES.find((double) => name.startsWith(double)) ?? [...name][0] ?? '';
  return surname + ((role && FORM_OF_ADDRESS[role]) ?? '同志');
}
