import type { Schemas } from '@/lib/api/client';

type Minute = Schemas['StatsMinute'];

export const CHART = { width: 600, height: 144, gap: 2 } as const;

export type Bar = { x: number; width: number; success: { y: number; height: number }; failed: { y: number; height: number } };

/** The highest number of runs that ended in one minute; at least 1. */
export function peakOf(minutes: readonly Minute[]): number {
  return Math.max(1, ...minutes.map((minute) => minute.success + minute.failed));
}

/** One bar for each minute: successes at the bottom, failures on top. A single run stays visible. */
export function barsOf(minutes: readonly Minute[]): Bar[] {
  const peak = peakOf(minutes);
  const step = CHART.width / Math.max(1, minutes.length);
  const heightOf = (count: number, room: number) => (count === 0 ? 0 : Math.max(2, (count / peak) * room));
  return minutes.map((minute, index) => {
    const isStacked = minute.success > 0 && minute.failed > 0;
    const room = CHART.height - (isStacked ? CHART.gap : 0);
    const success = heightOf(minute.success, room);
    const failed = heightOf(minute.failed, room);
    const above = success + (isStacked ? CHART.gap : 0);
    return {
      x: index * step + step * 0.15,
      width: step * 0.7,
      success: { y: CHART.height - success, height: success },
      failed: { y: CHART.height - above - failed, height: failed },
    };
  });
}
