import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventBody } from '@/lib/api/queries';
import { Refresher } from './refresh';

const event = (type: string, more: Partial<EventBody> = {}) => ({ type, data: {}, job_id: 'j', run_id: 'r', ...more }) as EventBody;

const SHOWN = ['queue', 'run-counts', 'stats', 'jobs', 'dead-letters', 'reports', 'readiness', 'workers', 'messages', 'inbox', 'runs', 'job-runs'];

let client: QueryClient;
let read: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
  vi.advanceTimersByTime(60_000);
  client = new QueryClient();
  for (const key of SHOWN) client.setQueryData([key], []);
  read = [];
  vi.spyOn(client, 'invalidateQueries').mockImplementation((filters) => {
    read.push(JSON.stringify(filters?.queryKey));
    return Promise.resolve();
  });
});
afterEach(() => void vi.useRealTimers());

const times = (key: string) => read.filter((each) => each === JSON.stringify([key])).length;

describe('stale data after an event', () => {
  it('is read at once when it is calm, and once for many events that come together', () => {
    const refresher = new Refresher(client);
    for (let n = 0; n < 50; n += 1) refresher.note(event('run.running'));
    vi.advanceTimersByTime(1);
    expect(times('run-counts')).toBe(1);
    expect(times('queue')).toBe(1);
  });

  it('is read again within its period, so that the last event is seen', () => {
    const refresher = new Refresher(client);
    refresher.note(event('run.running'));
    vi.advanceTimersByTime(100);
    refresher.note(event('run.success'));
    expect(times('run-counts')).toBe(1);
    vi.advanceTimersByTime(500);
    expect(times('run-counts')).toBe(2);
  });

  it('does not wait for a slower read of the same that waits already', () => {
    const refresher = new Refresher(client);
    const end = refresher.periodic();
    refresher.note(event('run.running'));
    vi.advanceTimersByTime(4_900);
    refresher.note(event('run.running'));
    vi.advanceTimersByTime(150);
    // The periodic read is due in 2.4 s; an event in between still counts within its own period.
    const before = times('run-counts');
    refresher.note(event('run.success'));
    vi.advanceTimersByTime(500);
    expect(times('run-counts')).toBe(before + 1);
    end();
  });

  it('is read again after an older response in flight', () => {
    const refresher = new Refresher(client);
    const fetching = vi.spyOn(client, 'isFetching').mockReturnValue(1);
    refresher.note(event('run.running'));
    vi.advanceTimersByTime(300);
    expect(times('run-counts')).toBe(0);
    fetching.mockReturnValue(0);
    vi.advanceTimersByTime(100);
    expect(times('run-counts')).toBe(1);
  });

  it('is never a list of runs', () => {
    const refresher = new Refresher(client);
    for (const type of ['run.queued', 'run.failed', 'job.updated', 'queue.paused', 'service.down', 'incident.opened']) refresher.note(event(type));
    vi.advanceTimersByTime(10_000);
    expect(read.length).toBeGreaterThan(5);
    expect(read.filter((key) => key.startsWith('["runs"') || key.startsWith('["job-runs"'))).toEqual([]);
  });

  it('keeps no memory of data without a query, and little of other data', () => {
    const refresher = new Refresher(client);
    const kept = () => Object.values(refresher).reduce((sum, each) => sum + (each instanceof Map ? each.size : 0), 0);
    for (let n = 0; n < 1_000; n += 1) {
      refresher.note(event('run.running', { run_id: `r${n}`, job_id: `j${n}` }));
      vi.advanceTimersByTime(5);
    }
    expect(kept()).toBeLessThan(20);
    for (let n = 0; n < 800; n += 1) {
      client.setQueryData(['run', `r${n}`], {});
      refresher.note(event('run.running', { run_id: `r${n}` }));
      vi.advanceTimersByTime(5);
    }
    expect(kept()).toBeLessThan(600);
    expect(times('run-counts')).toBeLessThan(100);
  });
});
