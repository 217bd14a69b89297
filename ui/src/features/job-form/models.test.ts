import { describe, expect, it } from 'vitest';
import { placeTimes, readWaits, retryPlan, switchRetryKind } from './retry/retry-model';
import { carryInputs, changedAdvanced, differences, remainingErrors } from './spec';

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
