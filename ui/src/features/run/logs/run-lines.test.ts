import { describe, expect, it } from 'vitest';
import type { RunDetail } from '@/lib/api/queries';
import type { LogLine } from './log-follower';
import { findRows, logText, rowsOf } from './log-lines';
import { mergeLines, runLines } from './run-lines';

const at = (ms: number) => new Date(Date.parse('2026-11-25T07:00:00.000Z') + ms).toISOString();
type Attempt = RunDetail['attempts'][number];

const attempt = (n: number, from: number, to: number | null, outcome: Attempt['outcome'], more: Partial<Attempt> = {}): Attempt => ({
  attempt: n,
  worker: 'worker-a',
  started_at: at(from),
  ended_at: to === null ? null : at(to),
  outcome,
  error: null,
  calls: [],
  ...more,
});
const run = (more: Partial<RunDetail>) =>
  ({ type: 'shop.sync', status: 'success', source: 'api', created_at: at(0), slot_at: null, due_at: null, ended_at: null, result: null, attempts: [], ...more }) as RunDetail;
const own = (ms: number, message: string, n = 1): LogLine => ({ at: at(ms), level: 'info', message, fields: {}, attempt: n, cursor: `${ms}` });
const failure = { kind: 'exception', code: 'broken', message: 'no answer\nmore', retryable: true, at: 1, type: null, traceback: null } as const;
const call = { n: 1, tool: 'http', op: 'get', at: Date.parse(at(150)), duration_ms: 40, ok: false, error: 'refused', target: 'a.test' };
const texts = (found: RunDetail, lines: LogLine[] = [], lang: 'en' | 'id' = 'en') =>
  mergeLines(lines, runLines(found, lang, 'Asia/Jakarta')).map(({ source, level, message }) => `${source} ${level} ${message}`);

describe('the log of a run', () => {
  it('has attempts, back-offs, tool calls and the result between the lines of the handler', () => {
    const found = run({
      ended_at: at(6_200),
      result: { success: true, output: { rows: 3 }, error: null, duration_ms: 200 },
      attempts: [attempt(1, 100, 900, 'retrying', { error: failure, calls: [call] }), attempt(2, 6_000, 6_200, 'success')],
    });
    expect(texts(found, [own(120, 'begin'), own(300, 'asked'), own(6_100, 'again', 2)])).toEqual([
      'platform info Run created: By hand',
      'platform info Attempt 1 started on a',
      'handler info begin',
      'tool warning http.get a.test',
      'handler info asked',
      'platform warning Attempt 1 failed after 800 ms: no answer',
      'platform info Back-off: attempt 2 began 5.1s later',
      'platform info Attempt 2 started on a',
      'handler info again',
      'platform info Attempt 2 succeeded after 200 ms',
      'platform info Result',
    ]);
  });

  it('is never silent: a run that waits, one that is cancelled, one whose handler logs nothing', () => {
    expect(texts(run({ status: 'queued', source: 'schedule', slot_at: at(0) }))).toEqual(['platform info Run created: Schedule · slot 14:00:00 WIB']);
    const waiting = run({ status: 'retrying', due_at: at(60_000), attempts: [attempt(1, 0, 500, 'retrying', { error: failure })] });
    expect(texts(waiting, [], 'id').at(-1)).toBe('platform info Tunggu percobaan ulang: percobaan 2 dijadwalkan pukul 14:01:00 WIB');
    expect(texts(run({ status: 'cancelled', ended_at: at(9) })).at(-1)).toBe('platform info The run was cancelled before an attempt began');
    const monitor = run({ type: 'monitor.http', ended_at: at(90), attempts: [attempt(1, 10, 90, 'success')], result: { success: true, output: { state: 'down', status: 503, fails_in_a_row: 6 }, error: null, duration_ms: 80 } });
    expect(texts(monitor).at(-1)).toBe('platform info Result: Down · HTTP 503 · 6 in a row');
  });

  it('keeps the lines of an attempt together although clocks differ', () => {
    const found = run({ status: 'failed', ended_at: at(40), attempts: [attempt(1, 20, 30, 'crashed'), attempt(2, 35, 40, 'failed', { error: failure })] });
    expect(texts(found, [own(5, 'early'), own(99, 'late'), own(7, 'second', 2)])).toEqual([
      'platform info Run created: By hand',
      'platform info Attempt 1 started on a',
      'handler info early',
      'handler info late',
      'platform error Attempt 1 lost its worker after 10 ms',
      'platform info Attempt 2 started on a',
      'handler info second',
      'platform error Attempt 2 failed after 5 ms: no answer',
    ]);
  });

  it('is searched and saved as one', () => {
    const lines = mergeLines([own(300, 'asked')], runLines(run({ attempts: [attempt(1, 100, null, 'running', { calls: [call] })] }), 'en', 'UTC'));
    const rows = rowsOf(lines, 'debug');
    expect(findRows(rows, 'refused')).toEqual([2]);
    expect(findRows(rows, 'started on')).toEqual([1]);
    expect(logText(lines).split('\n')[2]).toBe('2026-11-25T07:00:00.150Z WARNING  #1 tool     http.get a.test duration_ms=40 error=refused');
  });

  it('cuts a long output and shows a small one as fields', () => {
    const ended = { ended_at: at(9), attempts: [attempt(1, 1, 9, 'success')] };
    const of = (output: unknown) => runLines(run({ ...ended, result: { success: true, output, error: null, duration_ms: 8 } }), 'en', 'UTC').at(-1);
    expect(of({ rows: 3 })).toMatchObject({ message: 'Result', fields: { rows: 3 } });
    expect(of('x'.repeat(5_000))?.message).toHaveLength('Result: '.length + 2_000 + 2);
    expect(of(null)?.message).toBe('Result: null');
  });
});
