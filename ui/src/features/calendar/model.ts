import type { Schemas } from '@/lib/api/client';
import type { Maintenance } from '@/lib/api/queries';
import type { Lang } from '@/lib/i18n';
import { formatClock } from '@/lib/time';

export type Fires = Schemas['UpcomingFiresBody'];
export type FireJob = Schemas['UpcomingJobBody'];
export type Span = { from: number; to: number };

export const RANGES = { day: 24, week: 168 } as const;
export type Range = keyof typeof RANGES;

const HOUR_MS = 3_600_000;
const STEP_HOURS: Record<Range, number> = { day: 3, week: 24 };

/** The place of an instant within a span, in percent. */
export function place(at: number, span: Span): number {
  return ((at - span.from) / (span.to - span.from)) * 100;
}

/** Fires that are closer than a mark is wide share one mark: their places in percent, each with its number of fires. */
export function marksOf(fires: readonly string[], span: Span, width = 0.4): { at: number; count: number }[] {
  const marks: { at: number; count: number }[] = [];
  for (const fire of fires) {
    const at = place(Date.parse(fire), span);
    const last = marks.at(-1);
    if (last && at - last.at < width) last.count += 1;
    else marks.push({ at, count: 1 });
  }
  return marks;
}

/** The minutes that a zone is ahead of UTC at an instant. */
function offsetMinutes(at: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'longOffset' }).formatToParts(at);
  const text = parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
  const found = /([+-])(\d{2}):(\d{2})/.exec(text);
  return found ? (found[1] === '-' ? -1 : 1) * (Number(found[2]) * 60 + Number(found[3])) : 0;
}

/** The axis: each third hour of a day, or each midnight of a week, in the zone of the deployment. */
export function ticksOf(span: Span, range: Range, zone: string, lang: Lang): { at: number; label: string }[] {
  const step = STEP_HOURS[range] * HOUR_MS;
  const shift = offsetMinutes(span.from, zone) * 60_000;
  const ticks: { at: number; label: string }[] = [];
  for (let local = Math.ceil((span.from + shift) / step) * step; local - shift < span.to; local += step) {
    const at = local - shift;
    ticks.push({ at: place(at, span), label: range === 'day' ? formatClock(at, zone, false) : dayName(at, zone, lang) });
  }
  return ticks;
}

function dayName(at: number, zone: string, lang: Lang): string {
  return new Intl.DateTimeFormat(lang === 'id' ? 'id-ID' : 'en-GB', { timeZone: zone, weekday: 'short', day: 'numeric' }).format(at);
}

export type Closed = { left: number; width: number };

/** The maintenance windows that cover a job within a span, in percent: the open one, and the next one. */
export function closedTimes(windows: readonly Maintenance[], job: { job_id: string; tags: readonly string[] }, span: Span): Closed[] {
  return windows.filter(({ scope }) => covers(scope, job)).flatMap((window) => rangesOf(window, span));
}

function covers(scope: string, { job_id, tags }: { job_id: string; tags: readonly string[] }): boolean {
  const [kind, name = ''] = scope.split(':', 2);
  return kind === 'all' || (kind === 'job' && name === job_id) || (kind === 'tag' && tags.includes(name));
}

function rangesOf(window: Maintenance, span: Span): Closed[] {
  const ranges: [number, number][] = [];
  if (window.active_until !== null) ranges.push([span.from, Date.parse(window.active_until)]);
  if (window.next_start !== null) {
    const start = Date.parse(window.next_start);
    const end = window.ends_at === null ? start + (window.duration_min ?? 0) * 60_000 : Date.parse(window.ends_at);
    ranges.push([start, end]);
  }
  return ranges
    .filter(([start, end]) => start < span.to && end > span.from)
    .map(([start, end]) => {
      const left = Math.max(0, place(start, span));
      return { left, width: Math.min(100, place(end, span)) - left };
    });
}
