import { describe, expect, it } from 'vitest';
import type { EventBody } from '@/lib/api/queries';
import { HISTORY, axisTop, figuresOf, joinHistory, mergeBars, type Bar } from './history';

const bar = (run_id: string, more: Partial<Bar> = {}): Bar => ({
  run_id,
  status: 'success',
  duration_ms: 1_000,
  rev: 3,
  created_at: '2026-01-01T00:00:00Z',
  ...more,
});
const event = (run_id: string, status: string, rev: number, data = {}): EventBody => ({
  id: `${rev}-0`,
  type: `run.${status}`,
  at: '2026-01-01T00:01:00Z',
  job_id: 'a',
  run_id,
  status,
  seq: 1,
  rev,
  data,
});

describe('mergeBars', () => {
  it('puts a new run in front and lets the oldest go', () => {
    const bars = Array.from({ length: HISTORY }, (_, n) => bar(`r${n}`));
    const merged = mergeBars(bars, event('new', 'queued', 1));
    expect(merged[0]).toMatchObject({ run_id: 'new', status: 'queued', duration_ms: null });
    expect(merged).toHaveLength(HISTORY);
  });

  it('changes a run in its place, with its length once it has ended', () => {
    const bars = [bar('b'), bar('a', { status: 'running', duration_ms: null, rev: 2 })];
    expect(mergeBars(bars, event('a', 'failed', 3, { duration_ms: 70 }))[1]).toMatchObject({
      status: 'failed',
      duration_ms: 70,
      rev: 3,
    });
  });

  it('lets an event that comes late, twice or of an unknown old run change nothing', () => {
    const bars = [bar('a')];
    expect(mergeBars(bars, event('a', 'running', 2))).toBe(bars);
    expect(mergeBars(bars, event('a', 'success', 3))).toBe(bars);
    expect(mergeBars(bars, event('old', 'success', 5))).toBe(bars);
  });
});

describe('joinHistory', () => {
  it('takes the newest runs from the job and older ones from the list', () => {
    const recent = [
      { run_id: 'c', status: 'running' as const, duration_ms: null },
      { run_id: 'b', status: 'success' as const, duration_ms: 5 },
    ];
    const joined = joinHistory(recent, [bar('b', { status: 'running', duration_ms: null }), bar('a')]);
    expect(joined.map((each) => [each.run_id, each.status])).toEqual([
      ['c', 'running'],
      ['b', 'success'],
      ['a', 'success'],
    ]);
    expect(joined[1]?.created_at).toBe('2026-01-01T00:00:00Z');
  });
});

describe('axisTop', () => {
  it('is the next round number of the unit', () => {
    expect(axisTop(830)).toBe(1_000);
    expect(axisTop(1_260)).toBe(1_500);
    expect(axisTop(38_200)).toBe(40_000);
    expect(axisTop(130_000)).toBe(180_000);
    expect(axisTop(0)).toBe(1);
  });
});

describe('figuresOf', () => {
  it('returns extremes and median of ended runs', () => {
    const bars = [bar('d', { duration_ms: null, status: 'running' }), bar('c', { duration_ms: 9, status: 'failed' }), bar('b', { duration_ms: 1 }), bar('a', { duration_ms: 4 })];
    expect(figuresOf(bars)).toEqual({ ended: 3, failed: 1, shortest: 1, longest: 9, p50: 4, p95: 9 });
  });

  it('returns null if no run has ended', () => {
    expect(figuresOf([bar('a', { duration_ms: null, status: 'queued' })])).toBeNull();
  });
});
