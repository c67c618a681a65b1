import { describe, expect, test } from 'vitest';
import {
  at,
  dayOf,
  dueAfterWorkdays,
  isPublished,
  isWorkday,
  openingBefore,
  plusDays,
  showTime,
  workdayFrom,
  yearOf,
} from '../../src/kernel/calendar.ts';

const beijing = (text: string) => new Date(`${text}+08:00`);

describe('working days of the published years', () => {
  test.each([
    ['2026-01-01', false, '元旦'],
    ['2026-01-04', true, '元旦调休上班的周日'],
    ['2026-02-14', true, '春节前调休上班的周六'],
    ['2026-02-16', false, '春节里的周一'],
    ['2026-02-24', true, '节后第一天'],
    ['2026-05-09', true, '劳动节调休上班的周六'],
    ['2026-09-20', true, '国庆前调休上班的周日'],
    ['2026-10-07', false, '国庆最后一天'],
    ['2026-10-10', true, '国庆后调休上班的周六'],
    ['2026-11-28', false, '普通的周六'],
    ['2025-10-08', false, '2025年国庆中秋最后一天'],
    ['2025-09-28', true, '2025年国庆前调休上班的周日'],
  ])('%s → %s (%s)', (day, expected) => {
    expect(isWorkday(day)).toBe(expected);
  });
});

test('a year whose notice is not in the table: fixed holidays and week-ends, and it says so', () => {
  expect(isPublished('2027-01-04')).toBe(false);
  expect([isWorkday('2027-01-01'), isWorkday('2027-01-02'), isWorkday('2027-01-04')]).toEqual([false, false, true]);
});

test('an evening in Wenzhou is not yet tomorrow, whatever UTC says', () => {
  expect(dayOf(beijing('2026-12-31T23:59:59'))).toBe('2026-12-31');
  expect(yearOf(beijing('2027-01-01T00:00:00'))).toBe(2027);
  expect(at('2026-11-24', '09:00')).toEqual(beijing('2026-11-24T09:00:00'));
  expect(plusDays('2026-02-28', 1)).toBe('2026-03-01');
});

test.each([
  ['2026-11-24T10:00:00', 2, '2026-11-26'],
  ['2026-11-27T18:00:00', 1, '2026-11-30'],
  ['2026-02-13T10:00:00', 2, '2026-02-24'],
  ['2026-09-30T10:00:00', 1, '2026-10-08'],
  ['2026-10-08T09:00:00', -1, '2026-09-30'],
])('from %s, %i working days: %s', (from, n, expected) => {
  expect(workdayFrom(beijing(from), n)).toBe(expected);
});

test('a limit ends with office hours, a reminder comes when the office opens the working day before', () => {
  const due = dueAfterWorkdays(beijing('2026-11-27T10:00:00'), 2);
  expect(due).toEqual(beijing('2026-12-01T17:30:00'));
  expect(openingBefore(due)).toEqual(beijing('2026-11-30T09:00:00'));
});

test('times as people read them', () => {
  const now = beijing('2026-11-24T10:00:00');
  expect(showTime(beijing('2026-11-24T09:05:00'), now)).toBe('今天09:05');
  expect(showTime(beijing('2026-11-26T17:30:00'), now)).toBe('11月26日17:30');
  expect(showTime(beijing('2027-01-04T09:00:00'), now)).toBe('2027年1月4日09:00');
});
