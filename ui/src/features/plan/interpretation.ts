import { defineTranslations } from '@/lib/i18n';

/** A segment of the prompt with its role; null for words without one. */
export type Segment = { text: string; role: string | null };

type Span = { start: number; end: number };

/** A segment that no note divides: its place in code points, and whether a doubt is about it. */
export type Piece = Segment & Span & { isDoubted: boolean };

/** The id of the sentence in the page, to which notes scroll. */
export const SENTENCE_ID = 'sentence';

/** The role of words that the planner recognised but could not use. */
export const UNUSED = 'unused';

export const roleTranslations = defineTranslations(
  {
    intent: 'task',
    channel: 'channel',
    account: 'account',
    url: 'address',
    time: 'when',
    notify: 'recipient',
    text: 'message',
    keep: 'how many to keep',
    expect: 'condition',
    zone: 'time zone',
    unused: 'not used',
  },
  {
    intent: 'tugas',
    channel: 'kanal',
    account: 'akun',
    url: 'alamat',
    time: 'kapan',
    notify: 'penerima',
    text: 'isi pesan',
    keep: 'jumlah disimpan',
    expect: 'syarat',
    zone: 'zona waktu',
    unused: 'tidak dipakai',
  },
);

/** The prompt split at its spans. Spans count Unicode code points; neighbours with one role are merged. */
export function segmentsOf(prompt: string, spans: readonly (Span & { role: string })[]): Segment[] {
  const points = Array.from(prompt);
  const segments: Segment[] = [];
  let at = 0;
  const add = (to: number, role: string | null) => {
    if (to > at) segments.push({ text: points.slice(at, to).join(''), role });
    at = Math.max(at, to);
  };
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    add(span.start, null);
    add(span.end, span.role);
  }
  add(points.length, null);
  return joined(segments);
}

/** The segments cut at the spans of notes, so that each of those can be highlighted. */
export function piecesOf(segments: readonly Segment[], spans: readonly Span[], doubts: readonly Span[]): Piece[] {
  const edges = new Set([...spans, ...doubts].flatMap(({ start, end }) => [start, end]));
  const pieces: Piece[] = [];
  let start = 0;
  for (const { text, role } of segments) {
    const points = Array.from(text);
    const end = start + points.length;
    let from = start;
    for (let at = start + 1; at <= end; at += 1) {
      if (at !== end && !edges.has(at)) continue;
      const piece = { start: from, end: at };
      pieces.push({ ...piece, role, text: points.slice(from - start, at - start).join(''), isDoubted: doubts.some((each) => overlaps(each, piece)) });
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
    if (segment.role !== null && gap?.role === null && !gap.text.trim() && before?.role === segment.role) {
      result.splice(-2, 2, { text: before.text + gap.text + segment.text, role: segment.role });
    } else {
      result.push(segment);
    }
  }
  return result;
}
