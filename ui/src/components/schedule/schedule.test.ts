import { describe, expect, it } from 'vitest';
import { readPreset, switchPreset, writePreset } from './cron-presets';
import { canPreview, scheduleKind, switchSchedule } from './schedule-model';
import { fromWallClock, isZone, toWallClock } from './zoned-time';

describe('cron presets', () => {
  it.each([
    ['15 * * * *', { kind: 'hourly', minute: 15 }],
    ['0 7 * * *', { kind: 'daily', time: '07:00' }],
    ['30 18 * * 1-5', { kind: 'weekdays', time: '18:30' }],
    ['5 6 * * 1,3,0', { kind: 'weekly', time: '06:05', days: [0, 1, 3] }],
    ['0 0 31 * *', { kind: 'monthly', time: '00:00', day: 31 }],
    ['0 0 l * *', { kind: 'monthly', time: '00:00', day: 'L' }],
  ])('reads %j and writes what means the same', (cron, preset) => {
    const read = readPreset(cron);
    expect(read).toEqual(preset);
    expect(read && readPreset(writePreset(read))).toEqual(preset);
  });

  it.each(['*/5 * * * *', '0 7 1 1 *', '0 7 1 * 1', '60 7 * * *', '0 24 * * *', '@daily', '', '0 7 * *', '0 7 0 * *'])(
    'leaves %j as it is',
    (cron) => expect(readPreset(cron)).toBeNull(),
  );

  it('takes 7 as Sunday', () => {
    expect(readPreset('0 7 * * 0,7')).toEqual({ kind: 'weekly', time: '07:00', days: [0] });
  });

  it('keeps the time of day when the rhythm changes', () => {
    expect(switchPreset({ kind: 'daily', time: '18:30' }, 'monthly')).toEqual({ kind: 'monthly', time: '18:30', day: 1 });
  });
});

describe('wall clocks', () => {
  it('writes a time with the offset of its zone and reads it back', () => {
    expect(fromWallClock('2027-01-01T07:00', 'Asia/Jakarta')).toBe('2027-01-01T07:00:00+07:00');
    expect(fromWallClock('2027-07-01T07:00:30', 'America/New_York')).toBe('2027-07-01T07:00:30-04:00');
    expect(toWallClock('2027-01-01T00:00:00Z', 'Asia/Jakarta')).toBe('2027-01-01T07:00');
    expect(toWallClock('2027-07-01T11:00:30.000Z', 'America/New_York')).toBe('2027-07-01T07:00:30');
  });

  it('takes the first of a time that comes twice and leaps with the clocks', () => {
    expect(fromWallClock('2027-10-31T02:30', 'Europe/Berlin')).toBe('2027-10-31T02:30:00+02:00');
    expect(fromWallClock('2027-03-28T02:30', 'Europe/Berlin')).toBe('2027-03-28T03:30:00+02:00');
  });

  it('knows no zone and no time by halves', () => {
    expect(isZone('Asia/Jakarta')).toBe(true);
    expect(isZone('Asia/Jak')).toBe(false);
    expect(isZone('')).toBe(false);
    expect(fromWallClock('', 'UTC')).toBeNull();
    expect(toWallClock('soon', 'UTC')).toBe('');
  });
});

describe('schedules', () => {
  it('is known by the field that it has', () => {
    expect(scheduleKind(null)).toBe('hand');
    expect(scheduleKind({ cron: '' })).toBe('cron');
    expect(scheduleKind({ at: null })).toBe('once');
    expect(scheduleKind({ rrule: 'FREQ=DAILY', cron: null, at: null })).toBe('rule');
    expect(scheduleKind({ rrule: '' })).toBe('rule');
    expect(scheduleKind({ interval_sec: 5, cron: null })).toBe('interval');
  });

  it('keeps its bounds when the kind changes, and drops fields of the old kind', () => {
    const bounded = { cron: '0 7 * * *', timezone: 'UTC', end_at: '2027-01-01T00:00:00Z' };
    expect(switchSchedule(bounded, 'interval')).toEqual({ interval_sec: 300, end_at: '2027-01-01T00:00:00Z' });
    expect(switchSchedule(bounded, 'rule')).toEqual({ rrule: expect.stringContaining('FREQ='), end_at: '2027-01-01T00:00:00Z' });
    expect(switchSchedule(bounded, 'once')).toEqual({ at: null });
    expect(switchSchedule(bounded, 'hand')).toBeUndefined();
  });

  it('can be previewed once it is complete', () => {
    expect(canPreview({ at: null })).toBe(false);
    expect(canPreview({ cron: '' })).toBe(false);
    expect(canPreview({ interval_sec: 5 })).toBe(true);
    expect(canPreview(null)).toBe(false);
  });
});
