import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import type { EventBody, Job, Run } from '@/lib/api/queries';
import { applyRun, applyRunEvent, listedRow, mergeJob, mergeRows, mergeRun } from './merge';

const QUEUED: Run = {
  run_id: 'run-1',
  job_id: 'job-1',
  status: 'queued',
  rev: 1,
  seq: 7,
  attempt: 0,
  failures: 0,
  started_at: null,
  ended_at: null,
  duration_ms: null,
  dead_letter: false,
  progress: null,
} as unknown as Run;

function event(status: string, rev: number, more: Partial<EventBody> = {}): EventBody {
  return {
    id: `${rev}-0`,
    type: `run.${status}`,
    at: `2026-11-25T00:00:0${rev}.000Z`,
    job_id: 'job-1',
    run_id: 'run-1',
    status,
    seq: 7,
    rev,
    data: {},
    ...more,
  };
}

const RUNNING = event('running', 2);
const SUCCESS = event('success', 3, { data: { duration_ms: 120 } });

describe('mergeRun', () => {
  it('follows a run from queue to success', () => {
    const done = [RUNNING, SUCCESS].reduce(mergeRun, QUEUED);
    expect(done).toMatchObject({ status: 'success', rev: 3, attempt: 1, duration_ms: 120, started_at: RUNNING.at, ended_at: SUCCESS.at });
  });

  it('keeps the newest state whatever the order and however often an event comes', () => {
    const events = [SUCCESS, RUNNING, SUCCESS, RUNNING];
    expect(events.reduce(mergeRun, QUEUED)).toMatchObject({ status: 'success', rev: 3, duration_ms: 120 });
  });

  it('returns the same run if an event changes nothing, so that nothing is rendered', () => {
    const running = mergeRun(QUEUED, RUNNING);
    expect(mergeRun(running, RUNNING)).toBe(running);
    expect(mergeRun(running, event('success', 9, { run_id: 'another' }))).toBe(running);
  });

  it('counts a failure when the run is tried again, and ends nothing', () => {
    const retrying = mergeRun(mergeRun(QUEUED, RUNNING), event('retrying', 3));
    expect(retrying).toMatchObject({ status: 'retrying', failures: 1, ended_at: null, duration_ms: null });
  });

  it('marks a final failure as needing a decision, and clears that on redrive', () => {
    const failed = mergeRun(mergeRun(QUEUED, RUNNING), event('failed', 3, { data: { duration_ms: 5 } }));
    expect(failed.dead_letter).toBe(true);
    const again = mergeRun(failed, event('queued', 4, { data: { redriven: true } }));
    expect(again).toMatchObject({ status: 'queued', dead_letter: false, ended_at: null });
  });

  it('takes progress of the revision it shows, and of no other', () => {
    const running = mergeRun(QUEUED, RUNNING);
    const progress = event('progress', 2, { type: 'run.progress', status: null, data: { done: 3 } });
    expect(mergeRun(running, progress).progress).toEqual({ done: 3 });
    expect(mergeRun(QUEUED, progress)).toBe(QUEUED);
  });
});

describe('lists', () => {
  const rows = [{ ...QUEUED, run_id: 'run-0' }, QUEUED] as Run[];

  it('are patched in place, and are the same list if nothing changed', () => {
    const patched = mergeRows(rows, RUNNING);
    expect(patched.map((row) => [row.run_id, row.status])).toEqual([['run-0', 'queued'], ['run-1', 'running']]);
    expect(mergeRows(patched, RUNNING)).toBe(patched);
    expect(mergeRows(rows, event('running', 2, { run_id: 'unknown' }))).toBe(rows);
  });

  it('in the cache are patched wherever the run is shown', () => {
    const client = new QueryClient();
    const page = { pages: [{ items: rows, total: 2, next: null }], pageParams: [null] };
    client.setQueryData(['runs', {}], page);
    client.setQueryData(['run', 'run-1'], QUEUED);
    expect(listedRow(client, 'run-1')).toEqual(QUEUED);
    expect(listedRow(client, 'run-9')).toBeUndefined();
    applyRunEvent(client, RUNNING);
    expect(client.getQueryData<typeof page>(['runs', {}])?.pages[0]?.items[1]?.status).toBe('running');
    expect(client.getQueryData<Run>(['run', 'run-1'])?.status).toBe('running');
  });

  it('ignore a read that is older than they are', () => {
    const client = new QueryClient();
    const shown = mergeRows(rows, RUNNING);
    client.setQueryData(['runs', {}], { pages: [{ items: shown, total: 2, next: null }], pageParams: [null] });
    applyRun(client, QUEUED);
    expect(client.getQueryData<{ pages: { items: Run[] }[] }>(['runs', {}])?.pages[0]?.items[1]?.status).toBe('running');
  });
});

describe('mergeJob', () => {
  const job = { job_id: 'job-1', recent: [{ run_id: 'old', status: 'success', duration_ms: 1 }], last_run: null } as unknown as Job;

  it('puts a new run at the newest end of the strip, once', () => {
    const queued = event('queued', 1);
    const once = mergeJob(job, queued);
    expect(once.recent.map((run) => run.run_id)).toEqual(['run-1', 'old']);
    expect(mergeJob(once, queued)).toBe(once);
  });

  it('changes the bar of a run that it has, and does not bring back one that it let go', () => {
    const done = [event('queued', 1), RUNNING, SUCCESS].reduce(mergeJob, job);
    expect(done.recent[0]).toEqual({ run_id: 'run-1', status: 'success', duration_ms: 120 });
    expect(done.last_run?.status).toBe('success');
    expect(mergeJob(done, RUNNING)).toBe(done);
    expect(mergeJob(job, SUCCESS)).toBe(job);
  });

  it('moves the next fire of an interval on with the slot that fired', () => {
    const every = { ...job, schedule: { interval_sec: 30 }, next_run_at: '2026-11-25T00:00:00.000Z' } as Job;
    const slot = Date.parse('2026-11-25T00:00:00Z');
    const fired = event('queued', 1, { run_id: `job-1@${slot}` });
    expect(mergeJob(every, fired).next_run_at).toBe('2026-11-25T00:00:30.000Z');
    expect(mergeJob(job, fired).next_run_at).toBe(job.next_run_at);
  });
});
