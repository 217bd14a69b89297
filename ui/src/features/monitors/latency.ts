import type { Schemas } from '@/lib/api/client';

export type Quarter = Schemas['MonitorQuarterBody'];
export const QUARTER_MS = 900_000;
export const SLOTS = 96;
export const CHART = { width: SLOTS * 10, height: 120 };

export type Slot = { at: number; quarter: Quarter | null };

/** The 96 quarter hours up to now, oldest first; null for one in which nothing was seen. */
export function slotsOf(quarters: readonly Quarter[], now: number): Slot[] {
  const byStart = new Map(quarters.map((each) => [Date.parse(each.at), each]));
  const last = Math.floor(now / QUARTER_MS) * QUARTER_MS;
  return Array.from({ length: SLOTS }, (_, index) => {
    const at = last - (SLOTS - 1 - index) * QUARTER_MS;
    return { at, quarter: byStart.get(at) ?? null };
  });
}

/** A round number of milliseconds that the highest percentile stays below. */
export function topOf(quarters: readonly Quarter[]): number {
  const most = Math.max(1, ...quarters.map((each) => each.p95_ms ?? 0));
  const step = 10 ** Math.floor(Math.log10(most));
  return [1, 2, 5, 10].map((factor) => factor * step).find((each) => each >= most) ?? most;
}

/** The lines of a percentile as the points of SVG polylines: a gap ends one. */
export function linesOf(slots: readonly Slot[], of: 'p50_ms' | 'p95_ms', top: number): string[] {
  const lines: string[][] = [[]];
  slots.forEach(({ quarter }, index) => {
    const ms = quarter?.[of] ?? null;
    if (ms === null) lines.push([]);
    else lines.at(-1)!.push(`${index * 10 + 5},${(CHART.height - (ms / top) * CHART.height).toFixed(1)}`);
  });
  // A single point becomes a short line, so that it is seen.
  return lines.flatMap((points) => {
    const [first] = points;
    if (first === undefined) return [];
    const [x, y] = first.split(',');
    return [points.length === 1 ? `${Number(x) - 4},${y} ${Number(x) + 4},${y}` : points.join(' ')];
  });
}
