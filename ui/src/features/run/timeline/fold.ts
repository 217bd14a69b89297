import type { Span } from './spans';

/** Fewer equal calls in a row stay as they are. */
const MIN_REPEATS = 3;

/** A row of the timeline: a span, or equal tool calls in a row, folded or open. */
export type TimelineRow = { span: Span; members?: readonly Span[]; isUnfolded?: boolean };

/** The spans as rows: equal tool calls in a row are one row, followed by its calls if it is open. */
export function foldCalls(spans: readonly Span[], open: ReadonlySet<string>): TimelineRow[] {
  const rows: TimelineRow[] = [];
  for (let at = 0; at < spans.length; ) {
    const group = repeatsFrom(spans, at);
    const first = group[0];
    if (first === undefined) break;
    at += group.length;
    if (group.length < MIN_REPEATS) {
      rows.push(...group.map((span) => ({ span })));
      continue;
    }
    const isUnfolded = open.has(foldId(first));
    rows.push({ span: foldedSpan(group, first), members: group, isUnfolded });
    if (isUnfolded) rows.push(...group.map((span) => ({ span: { ...span, depth: 3 as const } })));
  }
  return rows;
}

function repeatsFrom(spans: readonly Span[], at: number): Span[] {
  const first = spans[at];
  if (first === undefined) return [];
  const end = spans.findIndex((span, index) => index > at && !isRepeat(first, span));
  return spans.slice(at, first.kind !== 'call' ? at + 1 : end === -1 ? spans.length : end);
}

function isRepeat(a: Span, b: Span): boolean {
  return b.kind === 'call' && a.attempt === b.attempt && a.call?.tool === b.call?.tool && a.call?.op === b.call?.op;
}

const foldId = (first: Span) => `fold-${first.id}`;

function foldedSpan(group: readonly Span[], first: Span): Span {
  const failed = group.some((span) => span.tone === 'fail');
  return { ...first, id: foldId(first), tone: failed ? 'fail' : first.tone, to: Math.max(...group.map((span) => span.to ?? 0)) };
}

/** The time that the calls of a fold took together, in milliseconds. */
export function timeOf(members: readonly Span[]): number {
  return members.reduce((sum, span) => sum + (span.call?.duration_ms ?? 0), 0);
}
