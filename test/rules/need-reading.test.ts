import { expect, test } from 'vitest';
import { readFilter, readItems, readRecord } from '../../src/needs/reading.ts';

test.each([
  ['车间缺急救培训', {}],
  ['紧急出口堵了', {}],
  ['缺一间会议室', {}],
  ['会计忙不过来', {}],
  ['缺30米电缆', {}],
  ['想要个会场', {}],
  ['电工工具不够', {}],
  ['特急，配电房冒烟', { urgency: '特急' }],
  ['仓库漏水，很急', { urgency: '急' }],
  ['急：仓库漏水', { urgency: '急' }],
  ['缺两名焊工', { people: '两人', skills: '焊工' }],
  ['缺5个电工', { people: '5人', skills: '电工' }],
  ['要3个人搬货', { people: '3人' }],
  ['要会修电脑的', { skills: '修电脑' }],
  ['在瞿溪工业区装路灯，月底前要好', { place: '瞿溪工业区', deadline: '月底前' }],
  ['职工希望有夜班公交', { owner: '职工' }],
  ['公司缺人手', { owner: '企业' }],
])('%s', (summary, record) => {
  expect(readRecord(summary)).toEqual(record);
});

test.each([
  ['1.缺焊工 2.食堂太挤', ['缺焊工', '食堂太挤']],
  ['1、缺2名焊工；2、缺3.5吨钢材。', ['缺2名焊工', '缺3.5吨钢材']],
  ['①缺焊工②食堂太挤', ['缺焊工', '食堂太挤']],
  ['一、缺焊工 二、食堂太挤', ['缺焊工', '食堂太挤']],
  ['第1条：缺焊工 第2条：食堂太挤', ['缺焊工', '食堂太挤']],
  ['缺焊工；食堂太挤', ['缺焊工', '食堂太挤']],
  ['宿舍没有热水', ['宿舍没有热水']],
  ['', []],
])('%s is %j', (said, items) => {
  expect(readItems(said)).toEqual(items);
});

test('a filter takes each word for what it names', () => {
  expect(readFilter('瞿溪 会电工 急 座谈 企业')).toEqual({
    channel: 'MEETING',
    owner: 'ENTERPRISE',
    urgencies: ['URGENT', 'CRITICAL'],
    skills: ['电工'],
    words: ['瞿溪'],
  });
  expect(readFilter('我会的')).toEqual({ isMine: true, skills: [], words: [] });
  expect(readFilter('会议 会计')).toEqual({ skills: [], words: ['会议', '会计'] });
});
