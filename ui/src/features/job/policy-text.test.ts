import { describe, expect, it } from 'vitest';
import { pausesOf, formatSpan, retryDelays, retryText } from './policy-text';

const list = (max_retry: number, backoff_sec: number[], jitter = 0) => ({ max_retry, backoff_sec, jitter, non_retryable: [] });

describe('retryText', () => {
  it('lists the waits of a short list, the last one repeated', () => {
    expect(retryDelays(list(3, [2, 5]))).toEqual([2, 5, 5]);
    expect(retryText(list(3, [2, 5]), 'en')).toBe('3 retries, after 2s, 5s and 5s');
    expect(retryText(list(3, [2, 5]), 'id')).toBe('3 percobaan ulang, setelah 2 dtk, 5 dtk dan 5 dtk');
  });

  it('shows the first and the longest exponential wait', () => {
    const policy = { max_retry: 10, backoff_sec: { base: 1, factor: 2, max: 300 }, jitter: 0.1, non_retryable: [] };
    expect(retryText(policy, 'en')).toBe('10 retries, after 1s, 2s, 4s … up to 5m ±10.0%');
  });

  it('is short if all waits are equal or there is no retry', () => {
    expect(retryText(list(2, [30]), 'en')).toBe('2 retries, after 30s each');
    expect(retryText(list(1, [30]), 'en')).toBe('1 retry, after 30s');
    expect(retryText(list(0, [1]), 'id')).toBe('tanpa percobaan ulang');
  });
});

describe('plainSpan', () => {
  it('keeps one unit if that is exact', () => {
    expect([10, 60, 90, 300, 3_600, 86_400].map((sec) => formatSpan(sec, 'en'))).toEqual(['10s', '1m', '1m 30s', '5m', '1h', '1d']);
    expect(formatSpan(0.5, 'en')).toBe('500 ms');
    expect(formatSpan(5_400, 'en')).toBe('1h 30m');
  });
});

describe('pausesOf', () => {
  it('finds those that hold the job, widest first', () => {
    const pause = (scope: 'all' | 'type' | 'job', name: string | null) => ({ scope, name, actor: 'a', reason: '', since: '', until: null, held: 0 });
    const paused = [pause('job', 'a'), pause('job', 'b'), pause('type', 't'), pause('type', 'u'), pause('all', null)];
    expect(pausesOf({ job_id: 'a', type: 't' }, paused).map((each) => each.scope)).toEqual(['all', 'type', 'job']);
    expect(pausesOf({ job_id: 'c', type: 'x' }, []).length).toBe(0);
  });
});
