import { expect, test } from 'vitest';
import { cleanRules, readDays, readWindow, withSkip, writeWindow } from './skip-model';

test('rules that say nothing are removed, and those of holidays go with the holidays', () => {
  const rules = { dates: [], weekdays: [0], holidays: null, cuti_bersama: true, names: ['Natal'], windows: [] };
  expect(cleanRules(rules)).toEqual({ weekdays: [0] });
  expect(cleanRules({ holidays: 'ID', cuti_bersama: true, names: ['Natal'] })).toEqual({ holidays: 'ID', cuti_bersama: true, names: ['Natal'] });
  expect(cleanRules({ holidays: 'MY', cuti_bersama: true })).toEqual({ holidays: 'MY' });
});

test('a schedule that leaves out nothing has no rule for it', () => {
  const cron = { cron: '0 7 * * *', timezone: 'Asia/Jakarta', skip: { weekdays: [0] }, on_skip: 'before' };
  expect(withSkip(cron, { weekdays: [] })).toEqual({ cron: '0 7 * * *', timezone: 'Asia/Jakarta' });
  expect(withSkip(cron, { dates: ['12-25'] })).toEqual({ ...cron, skip: { dates: ['12-25'] } });
});

test('an interval has a zone only for the days that it leaves out', () => {
  expect(withSkip({ interval_sec: 60, timezone: 'UTC', skip: { weekdays: [0] } }, {})).toEqual({ interval_sec: 60 });
});

test('the end of a day is midnight in a time field', () => {
  expect(readWindow('20:00-24:00')).toEqual({ from: '20:00', to: '00:00' });
  expect(writeWindow({ from: '20:00', to: '00:00' })).toBe('20:00-00:00');
  expect(writeWindow({ from: '00:00', to: '00:00' })).toBe('00:00-24:00');
});

test('typed days are numbers; other text stays, so that it is reported', () => {
  expect(readDays(['1', '31', 'x'])).toEqual([1, 31, 'x']);
});
