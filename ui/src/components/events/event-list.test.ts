import { describe, expect, it } from 'vitest';
import type { EventBody } from '@/lib/api/queries';
import { detailsOf, foldProgress, prependEvent } from './event-list';

const event = (id: string, type: string, run_id: string | null = 'r1'): EventBody => ({
  id,
  type,
  at: '2026-01-01T00:00:00Z',
  job_id: 'a',
  run_id,
  status: null,
  seq: 1,
  rev: 1,
  data: {},
});

describe('foldEvents', () => {
  it('merges progress events of one attempt into the newest, across events of other runs', () => {
    const folded = foldProgress([
      event('6', 'run.success'),
      event('5', 'run.progress'),
      event('4', 'run.queued', 'r2'),
      event('3', 'run.progress'),
      event('2', 'run.running'),
    ]);
    expect(folded.map((each) => [each.id, each.steps])).toEqual([
      ['6', 1],
      ['5', 2],
      ['4', 1],
      ['2', 1],
    ]);
  });

  it('keeps the steps of two attempts apart', () => {
    const folded = foldProgress([event('4', 'run.progress'), event('3', 'run.running'), event('2', 'run.progress')]);
    expect(folded.map((each) => each.id)).toEqual(['4', '3', '2']);
  });

  it('shows an event once that was read and heard', () => {
    expect(foldProgress([event('2', 'run.queued'), event('2', 'run.queued')])).toHaveLength(1);
    const items = [event('2', 'run.queued')];
    expect(prependEvent(items, event('2', 'run.queued'))).toBe(items);
    expect(prependEvent(items, event('3', 'run.running'))[0]?.id).toBe('3');
  });
});

describe('detailsOf', () => {
  it('lists the data of an event by name', () => {
    expect(detailsOf({ reason: 'overlap', slots: 2, more: { a: 1 } })).toBe('reason overlap · slots 2 · more {"a":1}');
  });
});
