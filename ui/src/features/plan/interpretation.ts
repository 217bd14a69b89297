import type { Schemas } from '@/lib/api/client';

/** A segment of the prompt with its role, null for words without one, and the field and the job that it sets. */
export type Segment = { text: string; role: string | null; field: string | null; job: string | null };

const NO_EFFECT = { role: null, field: null, job: null };

/** A span of a plan: its role, and what it sets if that is known. */
type Mark = Pick<Schemas['SpanBody'], 'start' | 'end' | 'role'> & Partial<Schemas['SpanBody']>;

type Span = { start: number; end: number };

/** A segment that no note divides: its place in code points, and whether a doubt is about it. */
export type Piece = Segment & Span & { isDoubted: boolean };

/** The id of the sentence in the page, to which notes scroll. */
export const SENTENCE_ID = 'sentence';

/** The role of words that the planner recognised but could not use. */
export const UNUSED = 'unused';

/** How the words of a role are marked: by the colour of their line; a message also by its ground. */
const ROLE_LINES: Record<string, string> = {
  intent: 'border-part-task',
  channel: 'border-part-target',
  account: 'border-part-target',
  url: 'border-part-target',
  time: 'border-part-when',
  notify: 'border-part-who',
  text: 'border-part-message bg-part-message-bg',
  [UNUSED]: 'border-dotted border-border-strong text-text-3',
};

export function roleClass(role: string): string {
  return ROLE_LINES[role] ?? 'border-part-rest';
}

/** The prompt split at its spans. Spans count Unicode code points; neighbours with one effect are merged. */
export function segmentsOf(prompt: string, spans: readonly Mark[]): Segment[] {
  const points = Array.from(prompt);
  const segments: Segment[] = [];
  let at = 0;
  const add = (to: number, effect: Omit<Segment, 'text'>) => {
    if (to > at) segments.push({ text: points.slice(at, to).join(''), ...effect });
    at = Math.max(at, to);
  };
  for (const { start, end, role, field = null, job = null } of [...spans].sort((a, b) => a.start - b.start)) {
    add(start, NO_EFFECT);
    add(end, { role, field, job });
  }
  add(points.length, NO_EFFECT);
  return joined(segments);
}

/** The segments cut at the spans of notes, so that each of those can be highlighted. */
export function piecesOf(segments: readonly Segment[], spans: readonly Span[], doubts: readonly Span[]): Piece[] {
  const edges = new Set([...spans, ...doubts].flatMap(({ start, end }) => [start, end]));
  const pieces: Piece[] = [];
  let start = 0;
  for (const { text, ...effect } of segments) {
    const points = Array.from(text);
    const end = start + points.length;
    let from = start;
    for (let at = start + 1; at <= end; at += 1) {
      if (at !== end && !edges.has(at)) continue;
      const piece = { start: from, end: at };
      pieces.push({ ...piece, ...effect, text: points.slice(from - start, at - start).join(''), isDoubted: doubts.some((each) => overlaps(each, piece)) });
      from = at;
    }
    start = end;
  }
  return pieces;
}

export function overlaps(one: Span, other: Span): boolean {
  return one.start < other.end && other.start < one.end;
}

/** The words at a span, for the reader of a note. */
export function wordsAt(prompt: string, span: Span): string {
  return Array.from(prompt).slice(span.start, span.end).join('').trim();
}

function joined(segments: Segment[]): Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const gap = result.at(-1);
    const before = result.at(-2);
    if (before && segment.role !== null && gap?.role === null && !gap.text.trim() && isOneEffect(before, segment)) {
      result.splice(-2, 2, { ...segment, text: before.text + gap.text + segment.text });
    } else {
      result.push(segment);
    }
  }
  return result;
}

function isOneEffect(one: Segment, other: Segment): boolean {
  return one.role === other.role && one.field === other.field && one.job === other.job;
}
