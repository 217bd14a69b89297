import { describe, expect, it } from 'vitest';
import type { Job } from '@/lib/api/queries';
import { applyOrder, sortedIds } from './sort';
import { jobFilter } from './search-params';

const job = (jobId: string, rate: number | null, p95: number | null) =>
  ({ job_id: jobId, stats: { success_rate: rate, p95_ms: p95 } }) as Job;
const jobs = [job('c', 1, 10), job('a', null, null), job('b', 0.5, 900)];

describe('orderOf', () => {
  it("keeps the API's order, newest first, where no other is asked for", () => {
    expect(sortedIds(jobs, 'new')).toEqual(['c', 'a', 'b']);
  });
  it('puts the worst success rate and the slowest first, and jobs without figures last', () => {
    expect(sortedIds(jobs, 'name')).toEqual(['a', 'b', 'c']);
    expect(sortedIds(jobs, 'success')).toEqual(['b', 'c', 'a']);
    expect(sortedIds(jobs, 'p95')).toEqual(['b', 'c', 'a']);
  });
});

describe('inOrder', () => {
  it('moves nothing when figures change, and puts a job that it does not know at the end', () => {
    const changed = [job('d', 0, 1), job('c', 0, 9_999), ...jobs.slice(1)];
    expect(applyOrder(changed, ['b', 'c', 'a']).map((each) => each.job_id)).toEqual(['b', 'c', 'a', 'd']);
  });
});

describe('jobFilter', () => {
  it('sends only the set filters', () => {
    expect(jobFilter({ q: ' ', type: '', enabled: null, tag: '', sort: 'new' })).toEqual({});
    expect(jobFilter({ q: ' a ', type: 't', enabled: 'off', tag: 'x', sort: 'p95' })).toEqual({ q: 'a', type: 't', enabled: false, tag: 'x' });
  });
});
