import { describe, expect, it } from 'vitest';
import type { EventBody } from '@/lib/api/queries';
import { matchesFilter, isNarrowed, runFilter } from './search-params';
import { runsHref } from './search-params-client';

const NOW = Date.parse('2026-11-25T07:00:30.000Z');
const all = { status: 'all', q: '', job: '', since: null, from: '', until: '', type: '', tag: '', trace: '' } as const;

function event(more: Partial<EventBody>): EventBody {
  return { id: '1-0', type: 'run.queued', at: '', job_id: 'impor', run_id: 'impor@1', status: 'queued', seq: 1, rev: 1, data: {}, ...more };
}

describe('the filter of the runs list', () => {
  it('contains only set filters', () => {
    expect(runFilter(all, NOW)).toEqual({});
    expect(runFilter({ ...all, status: 'failed', q: ' abc ', job: 'impor', since: '1h' }, NOW)).toEqual({
      status: ['failed'],
      q: 'abc',
      job_id: 'impor',
      since: '2026-11-25T06:00:00.000Z',
    });
  });

  it('may be a type, a tag, a trace and a period of its own', () => {
    const search = { ...all, since: '1h', from: '2026-11-01T00:00:00Z', until: '2026-11-02T00:00:00+07:00', type: 'a.b', tag: 'ops', trace: 'f'.repeat(32) } as const;
    expect(runFilter(search, NOW)).toEqual({
      type: 'a.b',
      tag: 'ops',
      trace_id: 'f'.repeat(32),
      since: '2026-11-01T00:00:00.000Z',
      until: '2026-11-01T17:00:00.000Z',
    });
    expect(runFilter({ ...all, from: 'soon', until: '2026-99' }, NOW)).toEqual({});
    expect([isNarrowed(search), isNarrowed({ ...all, status: 'failed' })]).toEqual([true, false]);
  });

  it('is stable within a minute, so that browser and server send the same request', () => {
    expect(runFilter({ ...all, since: '15m' }, NOW)).toEqual(runFilter({ ...all, since: '15m' }, NOW + 20_000));
  });

  it('is in the URL without its defaults', () => {
    expect(runsHref('/runs', { ...all, status: 'failed', job: 'a/b' })).toBe('/runs?status=failed&job=a/b');
    expect(runsHref('/runs', all)).toBe('/runs');
  });
});

describe('a run of an event', () => {
  it('is new in the whole list by its first event alone', () => {
    expect(matchesFilter(event({}), {})).toBe(true);
    expect(matchesFilter(event({ rev: 2, status: 'running' }), {})).toBeUndefined();
  });

  it('enters the list of a state with it, and leaves it with another', () => {
    expect(matchesFilter(event({ rev: 4, status: 'failed' }), { status: ['failed'] })).toBe(true);
    expect(matchesFilter(event({ rev: 5, status: 'queued' }), { status: ['failed'] })).toBe(false);
  });

  it('is nothing to a list of another job or of other ids', () => {
    expect(matchesFilter(event({}), { job_id: 'lain' })).toBeUndefined();
    expect(matchesFilter(event({}), { q: 'zz' })).toBeUndefined();
    expect(matchesFilter(event({}), { job_id: 'impor', q: 'IMP' })).toBe(true);
    expect(matchesFilter(event({}), { job_id: 'im*r' })).toBe(true);
    expect(matchesFilter(event({}), { job_id: 'im*r.' })).toBeUndefined();
    expect(matchesFilter(event({ at: '2026-11-25T07:00:00Z' }), { until: '2026-11-25T06:00:00Z' })).toBeUndefined();
    expect(matchesFilter(event({}), { tag: 'ops' })).toBeUndefined();
  });
});
