import { describe, expect, it } from 'vitest';
import { readPreset, switchPreset, writePreset } from './schedule/cron-presets';
import { placeTimes, readWaits, retryPlan, switchRetryKind } from './retry/retry-model';
import { canPreview, scheduleKind, switchSchedule } from './schedule/schedule-model';
import { carryInputs, changedAdvanced, differences, remainingErrors } from './spec';
import { fromWallClock, isZone, toWallClock } from './schedule/zoned-time';

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

describe('retries', () => {
  it('grows by the factor up to the longest wait', () => {
    const policy = { max_retry: 4, backoff_sec: { base: 1, factor: 3, max: 10 }, jitter: 0.2 };
    expect(retryPlan(policy)).toEqual({ at: [0, 1, 4, 13, 23], jitter: 0.2 });
  });

  it('repeats the last wait of a list', () => {
    expect(retryPlan({ max_retry: 3, backoff_sec: [5, 60] })).toEqual({ at: [0, 5, 65, 125], jitter: 0 });
  });

  it('is not drawn from invalid numbers', () => {
    expect(retryPlan({ max_retry: '3x' })).toBeNull();
    expect(retryPlan({ max_retry: 2, backoff_sec: [1, 'x'] })).toBeNull();
    expect(retryPlan({ max_retry: 101 })).toBeNull();
    expect(retryPlan({ jitter: 2 })).toBeNull();
  });

  it('converts the same waits to a list', () => {
    expect(switchRetryKind({ max_retry: 3 }, 'list').backoff_sec).toEqual([1, 2, 4]);
    expect(readWaits('1, 5;30 x')).toEqual([1, 5, 30, 'x']);
  });

  it('stretches the line only if the first attempts would overlap', () => {
    expect(placeTimes([0, 1, 3])).toEqual({ places: [0, 1 / 3, 1], isStretched: false });
    const stretched = placeTimes([0, 1, 301]);
    expect(stretched.isStretched).toBe(true);
    expect(stretched.places[1]).toBeGreaterThan(0.1);
    expect(placeTimes([0, 0])).toEqual({ places: [0, 0], isStretched: false });
  });
});

describe('specs', () => {
  it('forgets a problem once its field was changed', () => {
    const errors = { '/job_id': 'a', '/inputs/url': 'b', '/bla': 'c' };
    const before = { job_id: 'x', inputs: { url: '' }, bla: 1 };
    expect(remainingErrors(errors, before, { job_id: 'x', inputs: { url: 'u' } })).toEqual({ '/job_id': 'a' });
    expect(remainingErrors(errors, before, before)).toBe(errors);
  });

  it('names the advanced fields that say something of their own', () => {
    const spec = { priority: 'normal', overlap: 'queue', timeout_ms: 15_000, on_success: [], on_failure: ['a'] };
    expect(changedAdvanced(spec, 15_000)).toEqual(['overlap', 'on_failure']);
    expect(changedAdvanced(spec, 60_000)).toEqual(['timeout_ms', 'overlap', 'on_failure']);
  });

  it('carries the inputs that the other type has too', () => {
    expect(carryInputs({ channel: 'a', url: 'b' }, { channel: {} })).toEqual({ channel: 'a' });
  });

  it('lists differences by pointer', () => {
    expect(differences({ a: { b: 1, 'c/d': 2 }, e: [1] }, { a: { b: 1, 'c/d': 3 }, e: [1, 2] })).toEqual([
      { pointer: '/a/c~1d', before: 2, after: 3 },
      { pointer: '/e', before: [1], after: [1, 2] },
    ]);
  });
});
