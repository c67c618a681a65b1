import { expect, test } from 'vitest';
import { nextAt, timeOf } from '../../src/kernel/calendar.ts';
import { digestTime, leavesAt, newFor, reaches } from '../../src/notices/rules.ts';
import { defaultsOf } from '../../src/bot/parameter.ts';
import { NOTICE_PARAMETERS } from '../../src/notices/words.ts';

const DEFAULTS = defaultsOf(NOTICE_PARAMETERS);

const moment = (words: string) => new Date(`2026-${words}:00+08:00`);
const quiet = (from: number, to: number) => ({ ...DEFAULTS, 'msg.quiet_from_h': from, 'msg.quiet_to_h': to });

test.each([
  ['11-24T20:59', '11-24T20:59', quiet(21, 8)],
  ['11-24T21:00', '11-25T08:00', quiet(21, 8)],
  ['11-25T00:00', '11-25T08:00', quiet(21, 8)],
  ['11-25T07:59', '11-25T08:00', quiet(21, 8)],
  ['11-25T08:00', '11-25T08:00', quiet(21, 8)],
  ['12-31T23:30', '12-31T23:30', quiet(8, 8)],
  ['11-24T13:30', '11-24T14:00', quiet(12, 14)],
  ['11-24T14:00', '11-24T14:00', quiet(12, 14)],
])('what is written at %s leaves at %s', (written, leaves, parameters) => {
  expect(leavesAt(moment(written), parameters)).toEqual(moment(leaves));
});

test('what waits for an answer reaches everybody', () => {
  expect((['ALL', 'OWN', 'ASK'] as const).map((level) => reaches(level, 'ask'))).toEqual([true, true, true]);
  expect((['ALL', 'OWN', 'ASK'] as const).map((level) => reaches(level, 'own'))).toEqual([true, true, false]);
  expect((['ALL', 'OWN', 'ASK'] as const).map((level) => reaches(level, 'news'))).toEqual([true, false, false]);
});

test('a clock in Wenzhou', () => {
  expect(timeOf(moment('11-24T08:05'))).toBe('08:05');
  expect(nextAt(moment('11-24T08:29'), '08:30')).toEqual(moment('11-24T08:30'));
  expect(nextAt(moment('11-24T08:30'), '08:30')).toEqual(moment('11-25T08:30'));
});

test('the digest never goes out in quiet hours', () => {
  expect(digestTime(moment('11-24T03:00'), DEFAULTS)).toBe('08:30');
  expect(digestTime(moment('11-24T03:00'), quiet(21, 9))).toBe('09:00');
});

test('new for a reader: in an own library, by somebody else, after the last digest', () => {
  const county = { id: 'county', name: '县', shortName: '县', kind: 'COUNTY' };
  const town = { id: 'town', name: '镇', shortName: '镇', kind: 'TOWN', parent: county };
  const branch = { id: 'branch', name: '支部', shortName: '支部', kind: 'BRANCH', parent: town };
  const need = (library: string, author: string, published: string) => ({
    library: { id: library, kind: '', shortName: '' },
    author: { id: author, userId: author, called: author },
    publishedAt: moment(published),
    skills: [] as string[],
    summary: '',
    place: null,
  });
  const published = [
    need('branch', 'b', '11-24T10:00'),
    need('town', 'b', '11-24T10:00'),
    need('county', 'b', '11-24T10:00'),
    need('elsewhere', 'b', '11-24T10:00'),
    need('branch', 'a', '11-24T10:00'),
    need('branch', 'b', '11-24T08:30'),
  ];
  const reader = { id: 'a', organisations: [branch], skills: [], place: null };
  const news = newFor(reader, moment('11-24T08:30'), published, new Map());
  expect(news.map(({ library }) => library.id)).toEqual(['branch', 'town', 'county']);
});

test('by skills and place: what suits comes first, also from elsewhere in the county; what wants other skills is left out', () => {
  const county = { id: 'county', name: '县', shortName: '县', kind: 'COUNTY' };
  const branch = { id: 'branch', name: '支部', shortName: '支部', kind: 'BRANCH', parent: county };
  const need = (no: string, library: string, more: { skills?: string[]; summary?: string; place?: string } = {}) => ({
    no,
    library: { id: library, kind: '', shortName: '' },
    author: { id: 'b', userId: 'b', called: 'b' },
    publishedAt: moment('11-24T10:00'),
    skills: more.skills ?? [],
    summary: more.summary ?? '',
    place: more.place ?? null,
  });
  const published = [
    need('any', 'branch'),
    need('near', 'branch', { place: '瞿溪工业区' }),
    need('other', 'branch', { skills: ['焊工'] }),
    need('wanted', 'branch', { skills: ['电工', '焊工'] }),
    need('named', 'elsewhere', { summary: '想请位电工看看' }),
    need('far', 'abroad', { skills: ['电工'] }),
    need('not mine', 'elsewhere'),
  ];
  const counties = new Map([
    ['branch', 'county'],
    ['elsewhere', 'county'],
    ['abroad', 'another county'],
  ]);
  const told = (skills: string[], place: string | null) =>
    newFor({ id: 'a', organisations: [branch], skills, place }, moment('11-24T08:30'), published, counties).map(({ no }) => no);
  expect(told(['电工'], '瞿溪')).toEqual(['wanted', 'named', 'near', 'any']);
  expect(told([], null)).toEqual(['any', 'near', 'other', 'wanted']);
});
