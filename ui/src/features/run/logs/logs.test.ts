import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/lib/api/client';
import { LogFollower, type LogLine, type LogPart } from './log-follower';
import type { SourcedLine } from './run-lines';
import { fieldsText, findRows, logJsonLines, logText, splitMatches, rowsOf } from './log-lines';

function line(n: number, more: Partial<LogLine> = {}): SourcedLine {
  return { source: 'handler', at: `2026-11-25T07:00:00.${String(n).padStart(3, '0')}Z`, level: 'info', message: `line ${n}`, fields: {}, attempt: 1, cursor: `1-${n}`, ...more };
}
function part(lines: LogLine[], more: Partial<LogPart> = {}): LogPart {
  return { lines, next: lines.at(-1)?.cursor ?? '0-0', isComplete: false, isTruncated: false, hasMore: false, ...more };
}

describe('a followed log', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('reads all parts at once, then goes on from its cursor each second until the log is complete', async () => {
    const parts = [part([line(1)], { hasMore: true }), part([line(2)]), part([], { next: '1-2' }), part([line(3)], { isComplete: true })];
    const asked: string[] = [];
    const follower = new LogFollower('r', (_id, after) => {
      asked.push(after);
      return Promise.resolve(parts.shift() ?? part([]));
    });
    follower.follow(1_000);
    await vi.advanceTimersByTimeAsync(10);
    expect(asked).toEqual(['0-0', '1-1']);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(asked).toEqual(['0-0', '1-1', '1-2', '1-2']);
    expect(follower.snapshot().lines.map((each) => each.message)).toEqual(['line 1', 'line 2', 'line 3']);
    expect(follower.snapshot()).toMatchObject({ isComplete: true, isRead: true });
  });

  it('keeps its lines through a failure and tries again', async () => {
    const answers: (LogPart | ApiError)[] = [part([line(1)]), new ApiError(503, 'unavailable', 't', 'd', ''), part([line(2)])];
    const follower = new LogFollower('r', async () => {
      const next = answers.shift() ?? part([], { isComplete: true });
      if (next instanceof ApiError) throw next;
      return next;
    });
    follower.follow(1_000);
    await vi.advanceTimersByTimeAsync(1_100);
    expect(follower.snapshot()).toMatchObject({ error: { code: 'unavailable' } });
    expect(follower.snapshot().lines).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(follower.snapshot().error).toBeNull();
    expect(follower.snapshot().lines).toHaveLength(2);
  });

  it('takes no answer that comes after it was stopped, and no line twice when it goes on', async () => {
    let answer: (part: LogPart) => void = () => {};
    const follower = new LogFollower('r', () => new Promise((resolve) => (answer = resolve)));
    const stop = follower.follow(1_000);
    const late = answer;
    stop();
    follower.follow(1_000);
    late(part([line(1)]));
    answer(part([line(1)], { isComplete: true }));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(follower.snapshot().lines).toHaveLength(1);
  });
});

describe('the rows of a log', () => {
  it('hide lower levels and mark the start of an attempt', () => {
    const lines = [line(1, { level: 'debug' }), line(2, { level: 'warning' }), line(3, { attempt: 2, level: 'error' })];
    expect(rowsOf(lines, 'debug').map((row) => row.kind)).toEqual(['mark', 'line', 'line', 'mark', 'line']);
    expect(rowsOf(lines, 'error').map((row) => row.kind)).toEqual(['mark', 'mark', 'line']);
    expect(rowsOf([line(1), line(2)], 'debug').map((row) => row.kind)).toEqual(['line', 'line']);
  });

  it('are found by message or field, whatever the case', () => {
    const rows = rowsOf([line(1, { message: 'Sent To Bob' }), line(2, { fields: { to: 'bob', n: 3 } }), line(3)], 'debug');
    expect(findRows(rows, 'BOB')).toEqual([0, 1]);
    expect(findRows(rows, 'n=3')).toEqual([1]);
    expect(findRows(rows, '')).toEqual([]);
  });

  it('are split at the matches', () => {
    expect(splitMatches('aXbxc', 'x')).toEqual([
      { text: 'a', isHit: false },
      { text: 'X', isHit: true },
      { text: 'b', isHit: false },
      { text: 'x', isHit: true },
      { text: 'c', isHit: false },
    ]);
    expect(splitMatches('abc', '')).toEqual([{ text: 'abc', isHit: false }]);
    expect(splitMatches('İx', 'x').map((piece) => piece.text).join('')).toBe('İx');
  });

  it('become files that hold every line whole', () => {
    const lines = [line(1, { level: 'warning', fields: { a: 'x', b: [1] } }), line(2)];
    expect(fieldsText(lines[0]?.fields ?? {})).toBe('a=x b=[1]');
    expect(logText(lines)).toBe(
      '2026-11-25T07:00:00.001Z WARNING  #1 handler  line 1 a=x b=[1]\n2026-11-25T07:00:00.002Z INFO     #1 handler  line 2\n',
    );
    expect(logJsonLines(lines).trim().split('\n').map((each) => JSON.parse(each) as unknown)).toEqual(lines);
  });
});
