import type { Schemas } from '@/lib/api/client';

type Interval = Pick<Schemas['StatsMinute'], 'success' | 'failed'>;

export const CHART = { width: 600, height: 144, gap: 2 } as const;

type Part = { y: number; height: number };
export type Bar = { x: number; width: number; success: Part; failed: Part; isCut: boolean };

/** The top of the chart, and the highest bar. Bars above the top are cut. */
export type Scale = { top: number; peak: number; cut: number };

/** At least one bar, and one in ten, may be a spike; more of them are the usual load. */
const USUAL_SHARE = 0.9;
/** Bars that are more than this many times as high as the usual ones flatten them. */
const SPIKE_RATIO = 3;
/** Room above the highest bar that is not cut. */
const HEADROOM = 1.25;
/** The break in a bar that is cut, from its top. */
const BREAK = { from: 14, to: 20 } as const;
/** The shortest height of a bar: a single run stays visible. */
const MIN_HEIGHT = 2;

export const endedIn = ({ success, failed }: Interval) => success + failed;

/** The scale of a chart: a few bars that would flatten the others are cut. The peak is at least 1. */
export function scaleOf(intervals: readonly Interval[]): Scale {
  const totals = intervals.map(endedIn);
  const peak = Math.max(1, ...totals);
  const used = totals.filter((total) => total > 0).sort((a, b) => a - b);
  const usual = used[Math.min(Math.floor(used.length * USUAL_SHARE), used.length - 2)] ?? peak;
  const others = used.filter((total) => total <= usual * SPIKE_RATIO);
  if (others.length === used.length) return { top: peak, peak, cut: 0 };
  return { top: Math.max(...others) * HEADROOM, peak, cut: used.length - others.length };
}

/** One bar for each interval: successes at the bottom, failures on top. */
export function barsOf(intervals: readonly Interval[], { top }: Scale): Bar[] {
  const step = CHART.width / Math.max(1, intervals.length);
  return intervals.map((interval, index) => {
    const total = endedIn(interval);
    const isCut = total > top;
    const isStacked = interval.success > 0 && interval.failed > 0;
    const room = CHART.height - (isStacked ? CHART.gap : 0);
    const heightOf = (count: number) => (count === 0 ? 0 : Math.max(MIN_HEIGHT, (count / Math.max(total, top)) * room));
    const [success, failed] = [heightOf(interval.success), heightOf(interval.failed)];
    const above = success + (isStacked ? CHART.gap : 0);
    return {
      x: index * step + step * 0.15,
      width: step * 0.7,
      success: { y: CHART.height - success, height: success },
      failed: { y: CHART.height - above - failed, height: failed },
      isCut,
    };
  });
}

/** The break that a cut bar has below its top. */
export const BREAK_PART: Part = { y: BREAK.from, height: BREAK.to - BREAK.from };

/** The cut bars that carry their number: the highest of each few neighbours, so that numbers do not overlap. */
export function labelledBars(intervals: readonly Interval[], { top }: Scale): number[] {
  const reach = Math.ceil(intervals.length / 12);
  const cut = intervals.flatMap((interval, index) => (endedIn(interval) > top ? [{ index, total: endedIn(interval) }] : []));
  const labelled: number[] = [];
  for (const { index } of cut.sort((a, b) => b.total - a.total || a.index - b.index)) {
    if (labelled.every((other) => Math.abs(other - index) >= reach)) labelled.push(index);
  }
  return labelled.sort((a, b) => a - b);
}

/** The intervals whose time is written below the chart: five, or all if there are fewer. */
export function tickIndexes(count: number): number[] {
  if (count === 0) return [];
  return [...new Set([0, 1, 2, 3, 4].map((quarter) => Math.round((quarter * (count - 1)) / 4)))];
}
