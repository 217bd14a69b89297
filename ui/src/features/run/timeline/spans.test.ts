import { describe, expect, it } from 'vitest';
import type { RunDetail } from '@/lib/api/queries';
import { axisMarks } from './axis';
import { queueWaitOf, timelineOf, type Span } from './spans';

const T0 = Date.parse('2026-11-25T07:00:00.000Z');
const at = (ms: number) => new Date(T0 + ms).toISOString();

type Attempt = RunDetail['attempts'][number];

function attempt(number: number, from: number | null, to: number | null, outcome: Attempt['outcome'], more: Partial<Attempt> = {}): Attempt {
  return {
    attempt: number,
    worker: 'worker-a',
    started_at: from === null ? null : at(from),
    ended_at: to === null ? null : at(to),
    outcome,
    error: null,
    calls: [],
    ...more,
  };
}

function run(more: Partial<RunDetail>): RunDetail {
  return {
    run_id: 'r', job_id: 'j', type: 't', version: 1, status: 'success', source: 'api', actor: '', trace_id: '', priority: 'normal', queue: 'default',
    inputs: {}, timeout_ms: 1_000, max_retry: 2, slot_at: null, created_at: at(0), queued_at: at(0), due_at: null, started_at: null,
    ended_at: null, duration_ms: null, worker: '', attempt: 0, failures: 0, crashes: 0, releases: 0, progress: null, result: null,
    error: null, dead_letter: false, cancel_requested: false, waiting_for: '', place: null, rerun_of: null, moved: null, parent_run_id: null, chain_depth: 0,
    seq: 1, rev: 1, attempts: [], monitor: null, found: null, ...more,
  };
}

const brief = ({ kind, from, to, isOpen }: Span) => [kind, from === null ? null : from - T0, to === null ? null : to - T0, isOpen];
const kinds = (spans: Span[]) => spans.map((span) => span.kind);

describe('how long a run waited in the queue', () => {
  it('counts the waits before all attempts, as its timeline shows them', () => {
    const taken = { started_at: at(33_801), queued_at: at(33_800), attempts: [attempt(1, 33_801, null, 'running')] };
    expect(queueWaitOf(run({ status: 'running', started_at: at(30), attempts: [attempt(1, 30, null, 'running')] }))).toBe(30);
    const lost = [attempt(1, 1_000, 2_000, 'crashed'), attempt(2, 34_801, null, 'running')];
    expect(queueWaitOf(run({ status: 'running', started_at: at(34_801), queued_at: at(34_800), attempts: lost }))).toBe(33_800);
    expect(queueWaitOf(run({ status: 'running', ...taken }))).toBe(1);
  });
});

describe('the timeline of a run', () => {
  it('shows the wait in the queue, the attempt and its tool calls', () => {
    const call = { n: 1, tool: 'http', op: 'get', at: T0 + 150, duration_ms: 40, ok: false, error: 'no', target: 'a.test' };
    const { spans, from, to } = timelineOf(
      run({ ended_at: at(900), attempts: [attempt(1, 120, 900, 'success', { calls: [call] })] }),
      T0 + 5_000,
    );
    expect(spans.map(brief)).toEqual([
      ['run', 0, 900, false],
      ['queue', 0, 120, false],
      ['attempt', 120, 900, false],
      ['call', 150, 190, false],
    ]);
    expect(spans[3]).toMatchObject({ tone: 'fail', depth: 2 });
    expect([from, to]).toEqual([T0, T0 + 900]);
  });

  it('draws a back-off between a failed attempt and the next, followed by the queue if that took a while', () => {
    const { spans } = timelineOf(
      run({
        status: 'failed', dead_letter: true, queued_at: at(5_000), ended_at: at(6_000),
        attempts: [attempt(1, 10, 1_000, 'retrying'), attempt(2, 3_000, 4_000, 'retrying'), attempt(3, 5_400, 6_000, 'failed')],
      }),
      T0 + 9_000,
    );
    expect(spans.map(brief)).toEqual([
      ['run', 0, 6_000, false],
      ['queue', 0, 10, false],
      ['attempt', 10, 1_000, false],
      ['backoff', 1_000, 3_000, false],
      ['attempt', 3_000, 4_000, false],
      ['backoff', 4_000, 5_000, false],
      ['queue', 5_000, 5_400, false],
      ['attempt', 5_400, 6_000, false],
    ]);
    expect(spans[0]?.tone).toBe('fail');
  });

  it('lets a running attempt reach to now', () => {
    const now = T0 + 4_000;
    const { spans, to } = timelineOf(run({ status: 'running', attempts: [attempt(1, 0, null, 'running')] }), now);
    expect(spans.map(brief)).toEqual([
      ['run', 0, null, true],
      ['queue', 0, 0, false],
      ['attempt', 0, null, true],
    ]);
    expect(to).toBe(now);
  });

  it('ends an attempt of a lost worker at its error, else at the start of the next one', () => {
    const { spans } = timelineOf(
      run({ status: 'running', crashes: 1, queued_at: at(8_000), attempts: [attempt(1, 0, null, 'crashed'), attempt(2, 9_000, null, 'running')] }),
      T0 + 9_500,
    );
    const lost = spans.find((span) => span.attempt?.outcome === 'crashed');
    expect(lost).toMatchObject({ tone: 'fail', from: T0, to: T0 + 9_000, isOpen: false });
    const known = timelineOf(
      run({ status: 'running', queued_at: at(8_000), attempts: [attempt(1, 0, 8_000, 'crashed'), attempt(2, 9_000, null, 'running')] }),
      T0 + 9_500,
    );
    expect(known.spans.map(brief).slice(3)).toEqual([
      ['queue', 8_000, 9_000, false],
      ['attempt', 9_000, null, true],
    ]);
  });

  it('shows the wait of a scheduled, a queued and a retrying run, up to now', () => {
    const now = T0 + 2_000;
    const open = (more: Partial<RunDetail>) => timelineOf(run(more), now).spans.filter((span) => span.isOpen).map(brief);
    expect(open({ status: 'scheduled', queued_at: null, due_at: at(9_000) })).toEqual([['run', 0, null, true], ['delay', 0, null, true]]);
    expect(open({ status: 'queued' })).toEqual([['run', 0, null, true], ['queue', 0, null, true]]);
    expect(open({ status: 'retrying', attempts: [attempt(1, 0, 900, 'retrying')] })).toEqual([
      ['run', 0, null, true],
      ['backoff', 900, null, true],
    ]);
  });

  it('parts the time until a run was due from its time in the queue', () => {
    const { spans } = timelineOf(run({ queued_at: at(60_000), ended_at: at(61_000), attempts: [attempt(1, 60_500, 61_000, 'success')] }), T0 + 70_000);
    expect(spans.map(brief).slice(1, 3)).toEqual([
      ['delay', 0, 60_000, false],
      ['queue', 60_000, 60_500, false],
    ]);
  });

  it('shows the wait of a run that was cancelled before it began', () => {
    const { spans } = timelineOf(run({ status: 'cancelled', ended_at: at(3_000) }), T0 + 9_000);
    expect(spans.map(brief)).toEqual([
      ['run', 0, 3_000, false],
      ['queue', 0, 3_000, false],
    ]);
  });

  it('shows the time as a dead letter between the last failure and a redrive', () => {
    const { spans } = timelineOf(
      run({ queued_at: at(50_000), ended_at: at(51_000), attempts: [attempt(1, 0, 1_000, 'failed'), attempt(2, 50_010, 51_000, 'success')] }),
      T0 + 60_000,
    );
    expect(kinds(spans)).toEqual(['run', 'queue', 'attempt', 'decision', 'attempt']);
  });

  it('draws no bar without times, and none with a negative length', () => {
    const { spans, to } = timelineOf(
      run({ status: 'failed', created_at: at(0), queued_at: null, attempts: [attempt(1, null, null, 'crashed'), attempt(2, 500, null, 'failed')] }),
      T0 + 9_000,
    );
    expect(spans.map(brief)).toEqual([
      ['run', 0, 500, false],
      ['attempt', null, null, false],
      ['attempt', 500, null, false],
    ]);
    expect(to).toBe(T0 + 500);
  });
});

describe('the marks of the axis', () => {
  it('are few and in round steps', () => {
    expect(axisMarks(38_200)).toEqual([0, 10_000, 20_000, 30_000]);
    expect(axisMarks(4)).toEqual([0, 1, 2, 3, 4]);
    expect(axisMarks(0)).toEqual([0]);
    for (const length of [7, 999, 61_000, 3_700_000, 90_000_000, 40_000_000_000]) {
      expect(axisMarks(length).length).toBeLessThanOrEqual(6);
    }
  });
});
