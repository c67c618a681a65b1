/** 名册文件: its three sheets and their columns (decision 30). Reader, template, export and README follow this table. */
import { ORGANISATION_KIND, ROLE } from '../words.ts';

export type Column = { readonly header: string; readonly required: boolean; readonly note: string };

export type SheetName = 'organisations' | 'people' | 'standings';

const required = (header: string, note: string): Column => ({ header, required: true, note });
const free = (header: string, note: string): Column => ({ header, required: false, note });

export const SHEETS = {
  organisations: {
    title: '组织',
    columns: {
      code: required('编号', '自己定，不重复，以后不要改：名称变了靠它认'),
      name: required('全称', '不重复，最多60个字'),
      shortName: required('简称', '卡片上显示的名称，最多20个字'),
      kind: required('类别', [...new Set(Object.values(ORGANISATION_KIND))].join('、')),
      parent: free('上级', '上级组织的编号、全称或简称；只有县（市、区）可以不填'),
      party: free('党组织', '只有企业填：管它的党组织的编号、全称或简称；还没有就不填'),
      alliances: free(
        '联盟',
        '只有企业填：联盟的编号、全称或简称、牵头或参与或加盟、链上位置，如“瓯海区电气产业链党建联盟 参与 上游”，几个用分号隔开；整列都空就不动联盟成员',
      ),
    },
  },
  people: {
    title: '人员',
    columns: {
      account: required('账号', '企业微信通讯录里的账号，不分大小写，不重复'),
      name: required('姓名', '最多30个字'),
      phone: free('手机', '11位手机号，加密保存'),
      skills: free('特长', '会什么，几样用顿号隔开，如“电工、急救”；只会加上去，空着就不动，本人说过的不会去掉'),
    },
  },
  standings: {
    title: '身份',
    columns: {
      account: required('账号', '“人员”里的账号；一个人有几个身份就写几行'),
      role: required('角色', [...new Set(Object.values(ROLE))].join('、')),
      organisation: required('组织', '组织的编号、全称或简称'),
      until: free('到期', '日期，当天仍有效；长期的不填'),
    },
  },
} as const satisfies Record<SheetName, { title: string; columns: Record<string, Column> }>;

export type Field<S extends SheetName> = keyof (typeof SHEETS)[S]['columns'] & string;

/** One row of the file as people see it: its number, and words by column; what is left empty is missing. */
export type Line<S extends SheetName> = { readonly row: number; readonly cells: { readonly [F in Field<S>]?: string } };

export type Lines = { readonly [S in SheetName]: readonly Line<S>[] };

export const SHEET_NAMES = Object.keys(SHEETS) as readonly SheetName[];
