/** Phones, written numbers, organisations and people. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findNeedNumbers, findPlaces, parseNeedNumber } from '../../src/nlu/read/need-numbers.ts';
import { findNames, findOrganisations, findPeople } from '../../src/nlu/read/organisations.ts';
import { findPhones, maskPhone, parsePhone } from '../../src/nlu/read/phones.ts';
import { ROSTER } from './read-roster.ts';

const PHONES: readonly (readonly [string, string])[] = [
  ['13800138000', '13800138000'],
  ['138 0013 8000', '13800138000'],
  ['+86 138-0013-8000', '13800138000'],
  ['139-1234-5678', '13912345678'],
  ['0577-88001122', '0577-88001122'],
  ['057788001122转802', '0577-88001122-802'],
  ['0577 8800 1122-12', '0577-88001122-12'],
  ['(0577)88001122', '0577-88001122'],
  ['88812371 接听', '88812371'],
  ['88812371转分机601', '88812371-601'],
  ['021-6234567', ''],
  ['20260318', ''],
  ['88000000元', ''],
  ['一三八零零一三八零零零', '13800138000'],
  ['幺三八零零幺三八零零零', '13800138000'],
  ['电话13912345678,A', '13912345678'],
  ['138001380001', ''],
  ['010-12345678', ''],
  ['010-62345678', '010-62345678'],
  ['回电0577-88001122分机8', '0577-88001122-8'],
  ['打6688 1234', '66881234'],
  ['预算在4000-6000之间', ''],
  ['存20000000', ''],
  ['88812371', '88812371'],
  ['来电(0577)8812 3456', '0577-88123456'],
  ['我来接,135 88 12 0042', '13588120042'],
  ['151 6666 0012', '15166660012'],
  ['1 3 8 0 0 1 3 8 0 0 0', '13800138000'],
  ['加微信15800001234', '15800001234'],
  ['加v13812345678', '13812345678'],
  ['139.5777.1234', '13957771234'],
  ['139 - 5777 - 1234', '13957771234'],
  ['0086 13800138000', '13800138000'],
  ['电话...13812345678', '13812345678'],
  ['一三九 五七七七 四四二一', '13957774421'],
  ['0577-86 35 12 34', '0577-86351234'],
  ['0577/86351234转接6', '0577-86351234-6'],
  ['打我座机8635 1234', '86351234'],
  ['0577-88001122转八零一', '0577-88001122-801'],
  ['0577-88001122转一下', '0577-88001122'],
  ['20 30 40 50', ''],
  ['13,500,123,456', ''],
  ['打2026-0029五星', ''],
  ['X13812345678', ''],
];

/** A hash marks a place in a list. */
const WRITTEN: readonly (readonly [string, string])[] = [
  ['b20260029', 'B-2026-0029'],
  ['B-2026-29', 'B-2026-0029'],
  ['b 2026 0029', 'B-2026-0029'],
  ['第三个', '#3'],
  ['0058', '0058'],
  ['二零二六幺二', ''],
  ['B二零二六幺二', 'B-2026-0012'],
  ['Ａ－２０２６－００１２', 'A-2026-0012'],
  ['A-2026-0012、0013和b20260029', 'A-2026-0012 0013 B-2026-0029'],
  ['认领58', '#58'],
  ['单号58', '58'],
  ['12号单子', '12'],
  ['第2条', '#2'],
  ['A4纸100箱', ''],
  ['C88', ''],
  ['0012号让我上吧', '0012'],
  ['认领2', '#2'],
  ['零零五八', '0058'],
  ['F-2026-0003', 'F-2026-0003'],
  ['2026-0029', '2026-0029'],
  ['第二次课', ''],
  ['第二党支部', ''],
  ['c-2026-1', 'C-2026-0001'],
  ['B—2026—0033', 'B-2026-0033'],
  ['B类2026第29号', 'B-2026-0029'],
  ['a2026.0012', 'A-2026-0012'],
  ['2026-03-05', ''],
  ['0577-88001122', ''],
  ['选3', '#3'],
  ['尾号0058和0060', '0058 0060'],
  ['A-2026-0012、131', 'A-2026-0012 131'],
  ['预算¥12,800', ''],
  ['缺20个,138-6770-5566', ''],
  ['(0577)8812 3456', ''],
  ['135 88 12 0042', ''],
  ['137 0066 0042,0058那单我来', '0058'],
  ['第二笔通过', '#2'],
  ['第三份退回', '#3'],
  ['倒数第二条', ''],
  ['第一件事', ''],
  ['第一个星期', ''],
];

const [ZHENGTAI, DIANQI, JIXIE, OUJIANG, HONGTAI, MINGSHI, HUAFENG, FEICHI, LANTIAN, KONGGANG, ZHUANGYUAN, ALLIANCE] = ROSTER;

/** The name, or all that have to be asked for. */
const ORGANISATIONS: readonly [string, ...(string | undefined)[]][] = [
  ['我是正泰的', ZHENGTAI],
  ['正泰集团党委', ZHENGTAI],
  ['正泰集团股份有限公司党委', ZHENGTAI],
  ['正太集团那笔', ZHENGTAI],
  ['恒通电器', DIANQI],
  ['恒通电气的申请', DIANQI],
  ['衡通电器', DIANQI],
  ['恒通机械', JIXIE],
  ['恒通机械制造公司', JIXIE],
  ['恒通那边', DIANQI, JIXIE],
  ['横通公司', DIANQI, JIXIE],
  ['恒通物流', DIANQI, JIXIE],
  ['瓯江阀门', OUJIANG],
  ['欧江阀门', OUJIANG],
  ['瓯江科技', OUJIANG],
  ['瓯江边的路灯'],
  ['我们是瓯江泵业'],
  ['永嘉泵业', HONGTAI],
  ['宏泰', HONGTAI],
  ['永嘉宏泰', HONGTAI],
  ['洪泰泵业', HONGTAI],
  ['永嘉的泵'],
  ['永嘉县'],
  ['鹿城眼镜', MINGSHI],
  ['明视眼镜', MINGSHI],
  ['明示眼镜公司', MINGSHI],
  ['请个名师来讲课'],
  ['眼镜厂来电'],
  ['皮革厂老周'],
  ['阀门厂的人说电压不稳'],
  ['飞驰公司', FEICHI],
  ['平阳皮革', HUAFENG],
  ['华丰皮革', HUAFENG],
  ['去平阳一大会址'],
  ['龙湾鞋业', FEICHI],
  ['飞驰鞋业', FEICHI],
  ['飞弛鞋业党总支', FEICHI],
  ['龙湾某泵阀公司'],
  ['蓝天物流', LANTIAN],
  ['蓝天白云'],
  ['物流太慢'],
  ['空港社区', KONGGANG],
  ['空港新区企业社区', KONGGANG],
  ['空港新区的路'],
  ['状元街道', ZHUANGYUAN],
  ['哪个街道垫底'],
  ['各街道排名'],
  ['电气联盟', ALLIANCE],
  ['电气产业链联盟', ALLIANCE],
  ['电气设备'],
  ['让联盟牵头', ALLIANCE],
  ['第二党支部'],
  ['我们支部'],
  ['本公司'],
  ['飞驰要认领', FEICHI],
  ['替飞驰报个名', FEICHI],
  ['驳回飞驰那笔', FEICHI],
  ['列车飞驰而过'],
  ['一路飞驰赶过去'],
  ['明视借8个磨边工', MINGSHI],
  ['给明视批了', MINGSHI],
  ['说明视频在哪看'],
  ['证明视力合格'],
  ['是正泰的', ZHENGTAI],
  ['纠正泰山的写法'],
  ['华丰收到货了', HUAFENG],
  ['蓝天缺6个司机', LANTIAN],
  ['蓝天的申请', LANTIAN],
  ['蓝天保卫战'],
  ['那边的蓝天很好'],
  ['状元综合党委', ZHUANGYUAN],
  ['空港党委', KONGGANG],
  ['状元那边'],
  ['龙湾的鞋厂'],
  ['名师公司'],
];

const written = (text: string) =>
  [...findNeedNumbers(text).map(({ value }) => value), ...findPlaces(text).map(({ value }) => `#${value}`)].join(' ');

describe('phones', () => {
  test.each(PHONES)('%s → %s', (text, expected) => {
    expect(
      findPhones(text)
        .map(({ value }) => value)
        .join(' '),
    ).toBe(expected);
  });

  test('parse(x) = x, and a masked one shows at most seven digits', () => {
    const digits = (n: number) => fc.stringMatching(new RegExp(`^\\d{${n}}$`, 'u'));
    const mobile = fc.tuple(fc.constantFrom('13', '15', '18', '19'), digits(9)).map((parts) => parts.join(''));
    const landline = fc.tuple(fc.constantFrom('8', '6'), digits(7), fc.option(digits(4))).map(([first, rest, extension]) => {
      return `0577-${first}${rest}${extension === null ? '' : `-${extension}`}`;
    });
    fc.assert(
      fc.property(fc.oneof(mobile, landline), (phone) => {
        expect(parsePhone(phone)).toBe(phone);
        expect(
          maskPhone(phone)
            .replace(/^0577-/u, '')
            .replaceAll('*', '').length,
        ).toBeLessThanOrEqual(7);
      }),
    );
  });

  test('masks', () => {
    expect(['13812345678', '0577-88001122-8', '88812371'].map(maskPhone)).toEqual(['138****5678', '0577-****1122', '****2371']);
  });
});

describe('written numbers', () => {
  test.each(WRITTEN)('%s → %s', (text, expected) => {
    expect(written(text)).toBe(expected);
  });

  test('every sloppy form comes to the same', () => {
    const form = fc.tuple(
      fc.constantFrom(...'ABCFGHSLW'),
      fc.integer({ min: 2020, max: 2035 }),
      fc.integer({ min: 1, max: 9999 }),
      fc.constantFrom('-', ' ', '', '—', '_', '.'),
      fc.boolean(),
    );
    fc.assert(
      fc.property(form, ([letter, year, running, gap, low]) => {
        const full = `${letter}-${year}-${String(running).padStart(4, '0')}`;
        const said = `${low ? letter.toLowerCase() : letter}${gap}${year}${gap}${running}`;
        expect(findNeedNumbers(`认领${said}`).map(({ value }) => value)).toEqual([full]);
        expect(parseNeedNumber(full)).toBe(full);
      }),
    );
  });
});

describe('organisations', () => {
  test.each(ORGANISATIONS)('%s', (text = '', ...names) => {
    const found = findOrganisations(text, ROSTER);
    expect(found.flatMap(({ value }) => value.names)).toEqual(names);
    expect(found.every(({ value }) => value.sure)).toBe(names.length <= 1);
  });

  test('every name of a roster finds itself', () => {
    for (const name of ROSTER) expect(findOrganisations(`给${name}`, ROSTER)[0]?.value).toEqual({ names: [name], sure: true });
  });

  test('a generic word is nobody where two would do', () => {
    expect(findOrganisations('让联盟牵头', [...ROSTER, '鞋业党建联盟'])).toEqual([]);
  });
});

describe('people', () => {
  const people = ['李建国', '李爱华', '王小明'];

  test('full name, or surname and title when one alone has it', () => {
    const names = (text: string) => findPeople(text, people).map(({ value }) => value);
    expect(names('找李建国')).toEqual([{ names: ['李建国'], sure: true }]);
    expect(names('王书记说的')).toEqual([{ names: ['王小明'], sure: true }]);
    expect(names('李师傅')).toEqual([{ names: ['李建国', '李爱华'], sure: false }]);
    expect(names('赵书记')).toEqual([]);
  });

  test.each([
    ['联系人张伟', '张伟'],
    ['我叫陈丽,想报名', '陈丽'],
    ['联系人王会计', ''],
    ['联系人:周敏 电话□□□', '周敏'],
    ['张建国□□□', '张建国'],
    ['王经理反映', ''],
    ['本人林小春自愿捐款', '林小春'],
    ['由胡国华带队', '胡国华'],
    ['群众吴秀英来电', '吴秀英'],
    ['的曾海波刚打电话来说', '曾海波'],
    ['我是支部的金晓东', '金晓东'],
    ['我是正X的老员工', ''],
    ['联系人刘建华书记', '刘建华'],
    ['本人应该去', ''],
    ['高新区来电', ''],
    ['林业局带队', ''],
    ['方便报名吗', ''],
    ['周三报名', ''],
    ['麻烦把□□□', ''],
    ['方案□□□', ''],
  ])('%s → %s', (text = '', name = '') => {
    expect(findNames(text)[0]?.value ?? '').toBe(name);
  });
});
