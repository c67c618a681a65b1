/** 名册文件: what is wrong with one is named by row, all at once; what is right is compared, carried out and taken back. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import writeExcel from 'write-excel-file/node';
import { Refusal } from '../../src/kernel/refusal.ts';
import { SHEETS, SHEET_NAMES, type Lines, type SheetName } from '../../src/people/roster/columns.ts';
import { templateRoster } from '../../src/people/roster/files.ts';
import {
  checkRoster,
  count,
  difference,
  losing,
  missingFrom,
  reverse,
  stillFits,
  type Roster,
  type SealedPhone,
} from '../../src/people/roster/rules.ts';
import { faultLines } from '../../src/people/roster/text.ts';
import { columnNotes, readWorkbook } from '../../src/people/roster/workbook.ts';
import { ORGANISATION_KIND, ROLE, ROLE_AT } from '../../src/people/words.ts';

const TODAY = '2026-11-24';
const file = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

type Cells = readonly (string | null)[];
/** A sound roster, each row in the order of the columns; a test spoils one cell of it. */
const SOUND: { readonly [S in SheetName]: readonly Cells[] } = {
  organisations: [
    ['county', '温州市瓯海区', '瓯海区', '县（市、区）', null, null],
    ['town', '瞿溪街道党工委', '瞿溪街道', '乡镇(街道)党(工)委', 'county', null],
    ['branch', '力西特电气有限公司党支部', '力西特党支部', '党支部', '瞿溪街道党工委', null],
    ['firm', '力西特电气有限公司', '力西特电气', '企业', 'town', 'branch'],
  ],
  people: [
    ['wang', '王建平', '138 0013-8000'],
    ['Lin.GQ', '林国强', '+8613800138001'],
    ['li', '李大勇', null],
  ],
  standings: [
    ['wang', '系统管理员', 'county', null],
    ['lin.gq', '书记', '力西特电气有限公司党支部', '2027/6/30'],
    ['li', '职工', 'firm', null],
  ],
};

function lines(rows: { readonly [S in SheetName]: readonly Cells[] } = SOUND): Lines {
  const of = (name: SheetName) =>
    rows[name].map((cells, i) => ({
      row: i + 2,
      cells: Object.fromEntries(
        Object.keys(SHEETS[name].columns).flatMap((field, at) => (cells[at] == null ? [] : [[field, cells[at]]])),
      ),
    }));
  return { organisations: of('organisations'), people: of('people'), standings: of('standings') };
}

/** The sound roster with one cell of row `row` (as Excel counts) another. */
function spoilt(sheet: SheetName, row: number, column: string, words: string | null): Lines {
  const at = Object.values(SHEETS[sheet].columns).findIndex(({ header }) => header === column);
  const rows = SOUND[sheet].map((cells, i) => (i === row - 2 ? cells.map((cell, j) => (j === at ? words : cell)) : cells));
  return lines({ ...SOUND, [sheet]: rows });
}

const faults = (file: Lines) => checkRoster(file, TODAY).faults;
const long = '长'.repeat(200);

describe('核对', () => {
  test('a sound file is read in canonical words', () => {
    expect(checkRoster(lines(), TODAY)).toEqual({
      faults: [],
      roster: {
        organisations: [
          {
            code: 'county',
            name: '温州市瓯海区',
            shortName: '瓯海区',
            kind: 'COUNTY',
            parent: null,
            party: null,
            alliances: null,
          },
          {
            code: 'town',
            name: '瞿溪街道党工委',
            shortName: '瞿溪街道',
            kind: 'TOWN',
            parent: 'county',
            party: null,
            alliances: null,
          },
          {
            code: 'branch',
            name: '力西特电气有限公司党支部',
            shortName: '力西特党支部',
            kind: 'BRANCH',
            parent: 'town',
            party: null,
            alliances: null,
          },
          {
            code: 'firm',
            name: '力西特电气有限公司',
            shortName: '力西特电气',
            kind: 'ENTERPRISE',
            parent: 'town',
            party: 'branch',
            alliances: null,
          },
        ],
        people: [
          { account: 'wang', name: '王建平', phone: '13800138000', skills: [] },
          { account: 'Lin.GQ', name: '林国强', phone: '13800138001', skills: [] },
          { account: 'li', name: '李大勇', phone: null, skills: [] },
        ],
        standings: [
          { account: 'wang', role: 'ADMINISTRATOR', organisation: 'county', until: null },
          { account: 'lin.gq', role: 'PARTY_SECRETARY', organisation: 'branch', until: '2027-06-30' },
          { account: 'li', role: 'WORKER', organisation: 'firm', until: null },
        ],
      },
    });
  });

  test.each<[SheetName, number, string, string | null, string]>([
    ['organisations', 4, '编号', null, '组织 第4行“编号”应填写，现在是空的'],
    ['organisations', 4, '编号', 'town', '组织 第4行“编号”应不重复，现在和第3行一样'],
    ['organisations', 4, '全称', '瞿溪街道党工委', '组织 第4行“全称”应不重复，现在和第3行一样'],
    ['organisations', 3, '全称', long, '组织 第3行“全称”应不超过60个字，现在有200个'],
    ['organisations', 3, '简称', '=SUM(A1)', '组织 第3行“简称”应只有文字、数字和常用标点，现在是“=SUM(A1)”'],
    ['organisations', 4, '类别', '支部', '组织 第4行“类别”应是县（市、区）、县级组织部门'],
    ['organisations', 3, '上级', null, '组织 第3行“上级”应填写，只有县（市、区）可以不填'],
    ['organisations', 3, '上级', '郭溪街道', '组织 第3行“上级”应是“组织”里有的编号、全称或简称，没有找到“郭溪街道”'],
    ['organisations', 2, '上级', 'firm', '组织 第2行“上级”应一级一级往上，现在绕成了圈：county→firm→town→county'],
    ['organisations', 3, '上级', 'town', '组织 第3行“上级”应一级一级往上，现在绕成了圈：town→town'],
    ['organisations', 5, '党组织', 'town', '组织 第5行“党组织”应是党委、党总支或党支部，“瞿溪街道党工委”不是'],
    ['organisations', 4, '党组织', 'branch', '组织 第4行“党组织”应不填，只有企业才填管它的党组织'],
    ['people', 3, '账号', 'WANG', '人员 第3行“账号”应不重复，现在和第2行一样'],
    ['people', 2, '账号', '张 三', '人员 第2行“账号”应只有文字、数字和常用标点，现在是“张 三”'],
    ['people', 4, '姓名', long, '人员 第4行“姓名”应不超过30个字，现在有200个'],
    ['people', 4, '姓名', null, '人员 第4行“姓名”应填写，现在是空的'],
    ['people', 2, '手机', '1380013800', '人员 第2行“手机”应是11位手机号'],
    ['standings', 4, '账号', 'nobody', '身份 第4行“账号”应是“人员”里有的账号，没有找到“nobody”'],
    ['standings', 4, '角色', '书记', '身份 第4行“角色”在“力西特电气有限公司”应是职工、企业主、出纳、监督小组成员，现在是“书记”'],
    ['standings', 4, '组织', '没有的公司', '身份 第4行“组织”应是“组织”里有的编号、全称或简称，没有找到“没有的公司”'],
    ['standings', 3, '到期', '明年', '身份 第3行“到期”应是日期，像2027-06-30，现在是“明年”'],
    ['standings', 3, '到期', '2026-02-30', '身份 第3行“到期”应是日期'],
    ['standings', 3, '到期', '2026-11-23', '身份 第3行“到期”应不早于今天，现在是2026-11-23'],
    ['standings', 2, '角色', '干部', '身份 应至少有一名系统管理员'],
  ])('%s 第%i行“%s” = %s', (sheet, row, column, words, fault) => {
    expect(faults(spoilt(sheet, row, column, words))).toContainEqual(expect.stringContaining(fault));
  });

  test.each([
    ['电工、急救', ['电工', '急救'], undefined],
    ['会焊接，还会叉车；焊接', ['焊接', '叉车'], undefined],
    ['无', [], undefined],
    [
      '电工、能把各种各样的老机床修好',
      [],
      '人员 第2行“特长”每样应是不超过8个字的词，几样用顿号隔开，现在有“能把各种各样的老机床修好”',
    ],
    ['=SUM(A1)', [], '人员 第2行“特长”每样应是不超过8个字的词'],
    ['一、二、三、四、五、六、七、八、九、十、十一', [], '人员 第2行“特长”应不超过10样，现在有11样'],
  ])('特长 = %s', (words, skills, fault) => {
    const [first, ...rest] = SOUND.people as [Cells, ...Cells[]];
    const { roster, faults: found } = checkRoster(lines({ ...SOUND, people: [[...first, words], ...rest] }), TODAY);
    expect(found).toEqual(fault === undefined ? [] : [expect.stringContaining(fault)]);
    if (fault === undefined) expect(roster.people[0]?.skills).toEqual(skills);
  });

  test('a phone that is wrong is never repeated in the answer', () => {
    expect(faults(spoilt('people', 2, '手机', '1380013800')).join()).not.toContain('1380013800');
  });

  test('the same standing twice is a fault', () => {
    expect(faults(lines({ ...SOUND, standings: [...SOUND.standings, ['LI', '职工', '力西特电气有限公司', null]] }))).toEqual([
      '身份 第5行“角色”应不重复，现在和第4行一样',
    ]);
  });

  test('an organisation is meant by its short name too, but not by one that two bear', () => {
    const [county, town, branch, firm] = SOUND.organisations as [Cells, Cells, Cells, Cells];
    const at = (parent: string, shortName: string) => [
      county,
      town,
      branch.map((cell) => (cell === 'town' || cell === '瞿溪街道党工委' ? parent : cell)),
      firm.map((cell) => (cell === '力西特电气' ? shortName : cell)),
    ];
    const read = checkRoster(lines({ ...SOUND, organisations: at('瞿溪街道', '力西特电气') }), TODAY);
    expect([read.faults, read.roster.organisations[2]?.parent]).toEqual([[], 'town']);
    expect(faults(lines({ ...SOUND, organisations: at('瞿溪街道', '瞿溪街道') }))).toEqual([
      '组织 第4行“上级”应是“组织”里有的编号、全称或简称，没有找到“瞿溪街道”',
    ]);
  });

  test('all faults at once, in the order of the file, and in a message no more than fit', () => {
    const many = Array.from({ length: 300 }, (_, i): Cells => [`p${i}`, null, '12']);
    const found = faults(lines({ ...SOUND, people: [...SOUND.people, ...many] }));
    expect(found).toHaveLength(600);
    expect(found.slice(0, 2)).toEqual(['人员 第5行“手机”应是11位手机号', '人员 第5行“姓名”应填写，现在是空的']);
    const told = faultLines(found, 20).split('\n');
    expect(told).toHaveLength(23);
    expect(told[0]).toBe('名册有600处要改，什么都没有导入：');
    expect(told[21]).toBe('……还有580处。');
  });

  test('with the kind of organisation, a word means one role only', () => {
    for (const kind of Object.keys(ORGANISATION_KIND)) {
      const words = Object.entries(ROLE_AT).flatMap(([role, kinds]) =>
        (kinds as readonly string[]).includes(kind) ? [ROLE[role as keyof typeof ROLE]] : [],
      );
      expect(new Set(words).size, kind).toBe(words.length);
    }
  });
});

describe('比较', () => {
  const seal = (phone: string, nonce: string): SealedPhone => ({ sealed: `${phone}${nonce}`, mark: phone, tail: phone });
  const before: Roster<SealedPhone> = {
    organisations: [{ code: 'a', name: '甲', shortName: '甲', kind: 'COUNTY', parent: null, party: null, alliances: null }],
    people: [
      { account: 'x', name: '一', phone: seal('1', 'n1'), skills: [] },
      { account: 'y', name: '二', phone: null, skills: [] },
    ],
    standings: [
      { account: 'x', role: 'ADMINISTRATOR', organisation: 'a', until: null },
      { account: 'y', role: 'ADMINISTRATOR', organisation: 'a', until: null },
    ],
  };
  const after: Roster<SealedPhone> = {
    organisations: [{ ...before.organisations[0]!, name: '甲县' }],
    people: [
      { account: 'x', name: '一', phone: seal('1', 'n2'), skills: [] },
      { account: 'z', name: '三', phone: null, skills: [] },
    ],
    standings: [{ account: 'x', role: 'ADMINISTRATOR', organisation: 'a', until: '2027-01-01' }],
  };
  const plan = difference(before, after);

  test('新增, 变更, 离开; a phone sealed anew is no change', () => {
    expect(count(plan.organisations)).toEqual({ added: 0, changed: 1, gone: 0 });
    expect(count(plan.people)).toEqual({ added: 1, changed: 0, gone: 1 });
    expect(count(plan.standings)).toEqual({ added: 0, changed: 1, gone: 1 });
    expect(losing(plan)).toEqual(['y']);
    expect(difference(before, before)).toEqual({ organisations: [], people: [], standings: [] });
  });

  test('the way back is the difference the other way', () => {
    const sorted = (each: typeof plan) =>
      JSON.stringify(Object.values(each).map((list) => list.map((c) => JSON.stringify(c)).sort()));
    expect(sorted(reverse(plan))).toBe(sorted(difference(after, before)));
  });

  test('a plan that went through the database fits what it started from, whatever the order of its keys', () => {
    const stored = JSON.parse(JSON.stringify(plan), (_, value: unknown) =>
      value !== null && typeof value === 'object' && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).reverse())
        : value,
    ) as typeof plan;
    expect(stillFits(stored, before).stale).toBe(0);
    expect(stillFits(stored, after)).toMatchObject({ stale: 5 });
    expect(stillFits(reverse(stored), after).stale).toBe(0);
  });

  test('whoever is not in the address book leaves with what they hold', () => {
    const gone = missingFrom(before, ['X', 'somebody.else']);
    expect(count(gone.people)).toEqual({ added: 0, changed: 0, gone: 1 });
    expect(losing(gone)).toEqual(['y']);
  });
});

describe('工作簿', () => {
  type Cell = string | number | boolean | Date | null | { value: string; type: 'Formula' };
  const heads = (name: SheetName) => Object.values(SHEETS[name].columns).map(({ header }) => header);
  const workbook = (sheets: readonly (readonly [title: string, data: readonly (readonly Cell[])[]])[]) =>
    writeExcel(
      sheets.map(([sheet, data]) => ({ sheet, data: data.map((row) => [...row]), dateFormat: 'yyyy-mm-dd' })),
    ).toBuffer();
  const sound = (name: SheetName): readonly [string, readonly (readonly Cell[])[]] => [
    SHEETS[name].title,
    [heads(name), ...SOUND[name]],
  ];
  const refusal = async (bytes: Uint8Array) => {
    try {
      return (await readWorkbook(bytes)).faults;
    } catch (error) {
      return error instanceof Refusal ? error.code : error;
    }
  };

  test('columns in any order, columns of their own, other sheets, empty rows, numbers and dates as cells', async () => {
    const bytes = await workbook([
      ['说明', [['随便写']]],
      sound('organisations'),
      [
        '人员',
        [
          ['备注', '手机', '姓名', '账号'],
          [null, 13800138000, '王建平', 'wang'],
          [null, null, null, null],
          ['新来', '13800138001', ' 林国强 ', 'Lin.GQ'],
        ],
      ],
      [
        '身份',
        [
          ['账号', '角色', '组织', '到期'],
          ['lin.gq', '书记', 'branch', new Date('2027-06-30T00:00:00Z')],
        ],
      ],
    ]);
    const { lines, faults } = await readWorkbook(bytes);
    expect(faults).toEqual([]);
    expect(lines.people).toEqual([
      { row: 2, cells: { account: 'wang', name: '王建平', phone: '13800138000' } },
      { row: 4, cells: { account: 'Lin.GQ', name: '林国强', phone: '13800138001' } },
    ]);
    expect(lines.standings[0]?.cells.until).toBe('2027-06-30');
  });

  test('missing sheets and columns, a column twice, only headers: all named', async () => {
    expect(await refusal(await workbook([['Sheet1', [['账号']]], sound('organisations')]))).toEqual([
      '缺少工作表“人员”、“身份”；文件里有“Sheet1”、“组织”',
    ]);
    expect(
      await refusal(
        await workbook([
          sound('organisations'),
          [
            '人员',
            [
              ['帐号', '姓名', '姓名'],
              ['a', 'b', 'c'],
            ],
          ],
          ['身份', [heads('standings')]],
        ]),
      ),
    ).toEqual(['人员 第1行应有“账号”这一列', '人员 第1行“姓名”应只有一列', '身份 应至少有一行，现在只有表头']);
  });

  test('a formula is named by its row and column, whatever it shows; in a column of their own it may stand', async () => {
    const formula: Cell = { value: '=CONCATENATE("王","建平")', type: 'Formula' };
    const rows: readonly (readonly Cell[])[] = [
      [...heads('people'), '备注'],
      ['wang', formula, null, null, formula],
    ];
    expect(await refusal(await workbook([sound('organisations'), ['人员', rows], sound('standings')]))).toEqual([
      '人员 第2行“姓名”应是填好的内容，现在是公式或错误值；请复制后“选择性粘贴”为数值',
    ]);
  });

  test.each([
    ['a .csv renamed', Buffer.from('账号,姓名,手机\nwang,王建平,13800138000\n')],
    ['nothing', Buffer.alloc(0)],
    ['an old .xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, ...Array<number>(600).fill(0)])],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
  ])('%s is no workbook', async (_, bytes) => {
    expect(await refusal(bytes)).toBe('roster.not-xlsx');
  });

  test('half a file, a part larger than it says, and too much are refused', async () => {
    const bytes = await workbook(SHEET_NAMES.map(sound));
    expect(await refusal(bytes.subarray(0, bytes.length / 2))).toBe('roster.not-xlsx');
    const lying = Buffer.from(bytes);
    const entry = lying.indexOf(Buffer.from('504b0102', 'hex'));
    lying.writeUInt32LE(5, entry + 24);
    expect(await refusal(lying)).toBe('roster.not-xlsx');
    expect(await refusal(Buffer.alloc(11 * 1024 * 1024))).toBe('roster.too-big');
  });
});

test('the template in docs is the one the program writes, and can be imported as it is', async () => {
  const template = await readWorkbook(readFileSync(file('docs/roster-template.xlsx')));
  expect(template).toEqual(await readWorkbook(await templateRoster()));
  expect(template.faults).toEqual([]);
  expect(checkRoster(template.lines, TODAY).faults).toEqual([]);
});

test('docs/roster.md lists every column', () => {
  const page = readFileSync(file('docs/roster.md'), 'utf8');
  for (const cells of columnNotes()) expect(page).toContain(`| ${cells.join(' | ')} |`);
});
