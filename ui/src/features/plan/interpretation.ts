import { defineTranslations } from '@/lib/i18n';
import type { Schemas } from '@/lib/api/client';

/** A segment of the prompt with its role; null for words without one. */
export type Segment = { text: string; role: string | null };

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
    expect: 'expected result',
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
    expect: 'yang diharapkan',
    unused: 'tidak dipakai',
  },
);

/** The prompt split at its spans. Spans count Unicode code points; neighbours with one role are merged. */
export function segmentsOf(prompt: string, spans: readonly Schemas['SpanBody'][]): Segment[] {
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
