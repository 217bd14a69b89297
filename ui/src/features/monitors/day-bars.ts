import { fromWallClock, toWallClock } from '@/components/schedule/zoned-time';
import type { StateBar } from '@/components/monitor-state/state-bars';
import type { Schemas } from '@/lib/api/client';
import { byWorst, type WatchState } from '@/lib/monitor-states';

export type StateRange = Schemas['StateRangeBody'];
export type DayBar = StateBar & { end: number };

const DAY_MS = 86_400_000;
/** States that count in an uptime. */
const COUNTED: ReadonlySet<WatchState> = new Set(['up', 'degraded', 'down']);
/** A day is as bad as the worst of these that was seen in it; else as the state that it was in longest. */
const BAD: ReadonlySet<WatchState> = new Set(['down', 'degraded']);

/** The beginnings of the last days in a zone, oldest first; the last one is today's. */
export function dayStarts(now: number, zone: string, count: number): number[] {
  const today = toWallClock(new Date(now).toISOString(), zone).slice(0, 10);
  const noon = Date.parse(`${today}T12:00:00Z`);
  return Array.from({ length: count }, (_, index) => {
    const day = new Date(noon - (count - 1 - index) * DAY_MS).toISOString().slice(0, 10);
    return Date.parse(fromWallClock(`${day}T00:00:00`, zone) ?? `${day}T00:00:00Z`);
  });
}

/** How long a monitor was in each state in a time, from its ranges. */
export function timeByState(history: readonly StateRange[], start: number, end: number): Map<WatchState, number> {
  const spent = new Map<WatchState, number>();
  for (const range of history) {
    const from = Math.max(start, Date.parse(range.from));
    const to = Math.min(end, range.to === null ? end : Date.parse(range.to));
    if (from < to) spent.set(range.state, (spent.get(range.state) ?? 0) + to - from);
  }
  return spent;
}

/** How much of that time counts in an uptime. */
export function watchedMs(spent: ReadonlyMap<WatchState, number>): number {
  return [...spent].filter(([state]) => COUNTED.has(state)).reduce((sum, [, ms]) => sum + ms, 0);
}

/** The days of a monitor in a zone, oldest first, from its ranges; a day without a range is unknown. */
export function dayBars(history: readonly StateRange[], now: number, zone: string, count = 90): DayBar[] {
  const starts = dayStarts(now, zone, count);
  return starts.map((start, index) => {
    const end = Math.min(starts[index + 1] ?? now, now);
    const spent = timeByState(history, start, end);
    const worst = [...spent.keys()].filter((state) => BAD.has(state)).toSorted(byWorst)[0];
    const longest = [...spent].toSorted((a, b) => b[1] - a[1])[0]?.[0];
    const counted = watchedMs(spent);
    const uptime = counted === 0 ? null : (counted - (spent.get('down') ?? 0)) / counted;
    return { at: new Date(start).toISOString(), end, state: worst ?? longest ?? 'unknown', uptime };
  });
}
