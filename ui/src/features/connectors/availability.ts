import type { Tone } from '@/lib/run-states';
import type { Quarter } from './queries';

export const AVAILABILITY_STATES = ['down', 'degraded', 'not_configured', 'up'] as const;
export type AvailabilityState = (typeof AVAILABILITY_STATES)[number];

export const QUARTER_MS = 900_000;

/** The bars of a quarter hour, up to 18 px: height shows the outcome without colour. */
export const AVAILABILITY_BARS: Record<AvailabilityState, { tone: Tone; barPx: number }> = {
  down: { tone: 'fail', barPx: 18 },
  degraded: { tone: 'retry', barPx: 14 },
  up: { tone: 'ok', barPx: 10 },
  not_configured: { tone: 'retry', barPx: 6 },
};

const msOf = (quarter: Quarter, state: AvailabilityState): number => quarter[`${state}_ms`];

/** The observed time. */
export function observedMs(quarter: Quarter): number {
  return AVAILABILITY_STATES.reduce((sum, state) => sum + msOf(quarter, state), 0);
}

/** The state of a quarter hour: the worst one, else the longest one; null if it was not observed. */
export function worstOf(quarter: Quarter): AvailabilityState | null {
  if (observedMs(quarter) === 0) return null;
  if (quarter.down_ms > 0) return 'down';
  if (quarter.degraded_ms > 0) return 'degraded';
  return quarter.not_configured_ms > quarter.up_ms ? 'not_configured' : 'up';
}

export type Share = { state: AvailabilityState; share: number };

/** The shares of the observed time, largest first; empty if nothing was observed. */
export function sharesOf(quarters: readonly Quarter[]): Share[] {
  const sums = AVAILABILITY_STATES.map((state) => ({
    state,
    ms: quarters.reduce((sum, quarter) => sum + msOf(quarter, state), 0),
  }));
  const seen = sums.reduce((sum, each) => sum + each.ms, 0);
  return sums
    .filter((each) => each.ms > 0)
    .map((each) => ({ state: each.state, share: each.ms / seen }))
    .toSorted((a, b) => b.share - a.share);
}
