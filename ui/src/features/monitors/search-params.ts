import type { Monitor } from '@/lib/api/queries';
import { WATCH_STATES, type WatchState } from '@/lib/monitor-states';
import type { Parsers } from '@/lib/search-param-parsers';

/** What the page of a monitor shows of its incidents. */
export const MONITOR_INCIDENTS = 8;
/** And of its checks. */
export const MONITOR_CHECKS = 10;
export const STATES = Object.keys(WATCH_STATES) as WatchState[];

export const monitorsShape = ({ parseAsString, parseAsStringLiteral }: Parsers) => ({
  q: parseAsString.withDefault(''),
  state: parseAsStringLiteral(STATES),
});
export type MonitorsSearch = { q: string; state: WatchState | null };

/** The monitors in a state whose job, type or target contains a text. */
export function narrowed(monitors: readonly Monitor[], { q, state }: MonitorsSearch): Monitor[] {
  const text = q.trim().toLowerCase();
  return monitors.filter(
    (each) => (state === null || each.state === state) && [each.job_id, each.type, each.target].some((part) => part.toLowerCase().includes(text)),
  );
}
