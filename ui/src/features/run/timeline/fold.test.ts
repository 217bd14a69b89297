import { describe, expect, it } from 'vitest';
import { foldCalls, timeOf } from './fold';
import type { Span } from './spans';

const first = { attempt: 1 } as Span['attempt'];
const second = { attempt: 2 } as Span['attempt'];
let count = 0;
const call = (tool: string, op: string, { attempt = first, ok = true } = {}): Span => {
  count += 1;
  return { id: `call-${count}`, kind: 'call', depth: 2, tone: ok ? 'ok' : 'fail', from: count * 10, to: count * 10 + 4, isOpen: false, attempt, call: { n: count, tool, op, at: 0, duration_ms: 4, ok, target: null, error: null } };
};
const attempt: Span = { id: 'attempt-1', kind: 'attempt', depth: 1, tone: 'ok', from: 0, to: 100, isOpen: false, attempt: first };
const gets = (n: number, more = {}) => Array.from({ length: n }, () => call('kv', 'get', more));
const shape = (rows: ReturnType<typeof foldCalls>) => rows.map(({ span, members }) => (members ? `${span.call?.tool}.${span.call?.op} × ${members.length}` : span.id.replace(/\d+/, '')));

describe('foldCalls', () => {
  it('folds equal calls in a row', () => {
    const rows = foldCalls([attempt, ...gets(12), call('http', 'get'), ...gets(2)], new Set());
    expect(shape(rows)).toEqual(['attempt-', 'kv.get × 12', 'call-', 'call-', 'call-']);
    expect(rows[1]?.span).toMatchObject({ from: rows[1]?.members?.[0]?.from, to: rows[1]?.members?.at(-1)?.to, tone: 'ok' });
    expect(timeOf(rows[1]?.members ?? [])).toBe(48);
  });
  it('keeps attempts apart, and shows that one call failed', () => {
    const rows = foldCalls([...gets(3), ...gets(3, { attempt: second, ok: false })], new Set());
    expect(shape(rows)).toEqual(['kv.get × 3', 'kv.get × 3']);
    expect(rows.map(({ span }) => span.tone)).toEqual(['ok', 'fail']);
  });
  it('shows the calls of a row that was opened', () => {
    const spans = gets(3);
    const [folded] = foldCalls(spans, new Set());
    const rows = foldCalls(spans, new Set([folded!.span.id]));
    expect(rows).toHaveLength(4);
    expect(rows[0]).toMatchObject({ isUnfolded: true });
    expect(rows.slice(1).map(({ span }) => [span.id, span.depth])).toEqual(spans.map(({ id }) => [id, 3]));
  });
  it('leaves a timeline without calls alone', () => {
    expect(foldCalls([attempt], new Set())).toEqual([{ span: attempt }]);
    expect(foldCalls([], new Set())).toEqual([]);
  });
});
