import type { Schemas } from '@/lib/api/client';
import type { EventBody, Run, RunStatus } from '@/lib/api/queries';

/** The data of a run that strip and chart use. */
export type Bar = Schemas['RunBriefBody'] & { rev: number; created_at: string | null };

/** The number of runs in strip and chart. */
export const HISTORY = 90;

const TERMINAL: ReadonlySet<RunStatus> = new Set(['success', 'failed', 'cancelled']);

export function barOf({ run_id, status, duration_ms, rev, created_at }: Run): Bar {
  return { run_id, status, duration_ms, rev, created_at };
}

/** The bars after an event of the job: a changed run keeps its place, a new one comes first. */
export function mergeBars(bars: Bar[], event: EventBody): Bar[] {
  if (event.run_id === null || event.status === null || event.rev === null) return bars;
  const status = event.status as RunStatus;
  const duration = TERMINAL.has(status) ? ((event.data as { duration_ms?: number }).duration_ms ?? null) : null;
  const at = bars.findIndex((bar) => bar.run_id === event.run_id);
  const before = bars[at];
  if (before === undefined) {
    // The first event of a run has rev 1; any other belongs to a run that is no longer shown.
    if (event.rev !== 1) return bars;
    const bar: Bar = { run_id: event.run_id, status, duration_ms: duration, rev: event.rev, created_at: event.at };
    return [bar, ...bars].slice(0, HISTORY);
  }
  return event.rev > before.rev ? bars.with(at, { ...before, status, duration_ms: duration, rev: event.rev }) : bars;
}

/** The newest runs of the job, followed by older ones that the job no longer lists; newest first. */
export function joinHistory(recent: readonly Schemas['RunBriefBody'][], bars: readonly Bar[]): Bar[] {
  const known = new Map(bars.map((bar) => [bar.run_id, bar]));
  const newest = recent.map((brief) => ({ rev: 0, created_at: null, ...known.get(brief.run_id), ...brief }));
  const recentIds = new Set(recent.map((brief) => brief.run_id));
  return [...newest, ...bars.filter((bar) => !recentIds.has(bar.run_id))].slice(0, HISTORY);
}

const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The upper end of an axis for this duration: a round number of its unit. */
export function axisTop(ms: number): number {
  const unit = ms < 60_000 ? 1 : ms < 3_600_000 ? 60_000 : 3_600_000;
  const size = Math.max(ms / unit, 1);
  const power = 10 ** Math.floor(Math.log10(size));
  const step = STEPS.find((each) => each * power >= size) ?? 10;
  return step * power * unit;
}

export type Figures = { ended: number; failed: number; shortest: number; longest: number; p50: number; p95: number };

/** Statistics of the durations, for screen readers; null if no run has ended. */
export function figuresOf(bars: readonly Bar[]): Figures | null {
  const lengths = bars.flatMap((bar) => (bar.duration_ms === null ? [] : [bar.duration_ms])).sort((a, b) => a - b);
  const [shortest, longest] = [lengths[0], lengths.at(-1)];
  if (shortest === undefined || longest === undefined) return null;
  // The nearest-rank percentile.
  const percentile = (share: number) => lengths[Math.ceil(lengths.length * share) - 1] ?? longest;
  return {
    ended: lengths.length,
    failed: bars.filter((bar) => bar.status === 'failed').length,
    shortest,
    longest,
    p50: percentile(0.5),
    p95: percentile(0.95),
  };
}
