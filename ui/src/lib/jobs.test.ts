import { describe, expect, it } from 'vitest';
import { nextRunOf, shortSchedule } from './jobs';

const NOW = Date.parse('2026-11-25T10:00:00Z');
const job = {
  job_id: 'a',
  type: 'message.send',
  enabled: true,
  schedule: { interval_sec: 30 },
  next_run_at: '2026-11-25T10:00:30Z',
  cooling_down_until: null,
};
const pause = { scope: 'job', name: 'a', reason: '', actor: 'x', since: '2026-11-25T09:00:00Z', until: null, held: 2 } as const;

describe('nextRunOf', () => {
  it('returns the next fire of a job', () => {
    expect(nextRunOf(job, [], NOW)).toEqual({ kind: 'at', at: job.next_run_at });
  });
  it('returns disabled before anything else', () => {
    expect(nextRunOf({ ...job, enabled: false }, [pause], NOW)).toEqual({ kind: 'off' });
  });
  it('knows pauses of everything, of the type and of the job, and no other', () => {
    const kinds = (scope: 'all' | 'type' | 'job', name: string | null) => nextRunOf(job, [{ ...pause, scope, name }], NOW).kind;
    expect(kinds('all', null)).toBe('paused');
    expect(kinds('type', 'message.send')).toBe('paused');
    expect(kinds('job', 'a')).toBe('paused');
    expect(kinds('type', 'a')).toBe('at');
    expect(kinds('job', 'message.send')).toBe('at');
  });
  it('holds back while a failure cools down, and no longer', () => {
    const until = '2026-11-25T10:01:40Z';
    expect(nextRunOf({ ...job, cooling_down_until: until }, [], NOW)).toEqual({ kind: 'cooling', until });
    expect(nextRunOf({ ...job, cooling_down_until: '2026-11-25T09:59:59Z' }, [], NOW).kind).toBe('at');
  });
  it('distinguishes a manual job, an ended one, and one that should have a next run', () => {
    const none = { ...job, next_run_at: null };
    expect(nextRunOf({ ...none, schedule: null }, [], NOW).kind).toBe('by_hand');
    expect(nextRunOf({ ...none, schedule: { at: '2026-11-25T09:00:00Z' } }, [], NOW).kind).toBe('over');
    expect(nextRunOf({ ...none, schedule: { interval_sec: 5, end_at: '2026-11-25T09:00:00Z' } }, [], NOW).kind).toBe('over');
    expect(nextRunOf(none, [], NOW).kind).toBe('none');
  });
});

describe('shortSchedule', () => {
  it("leaves out the deployment's zone and names any other", () => {
    expect(shortSchedule('every day at 07:00 (Asia/Jakarta)', 'Asia/Jakarta')).toBe('every day at 07:00');
    expect(shortSchedule('every day at 07:00 (UTC)', 'Asia/Jakarta')).toBe('every day at 07:00 (UTC)');
  });
});
