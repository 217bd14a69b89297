import type { Parsers } from '@/lib/parsers';
import type { EventBody, RunFilter, RunStatus } from '@/lib/queries';

const STATUSES = ['running', 'queued', 'scheduled', 'retrying', 'success', 'failed', 'cancelled'] as const satisfies readonly RunStatus[];
export const RUN_TABS = ['all', ...STATUSES] as const;
export type RunTab = (typeof RUN_TABS)[number];

/** How far back a list goes: what a person chooses, in milliseconds. */
export const SINCE = { '15m': 900_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;
export type Since = keyof typeof SINCE;
const SINCES = Object.keys(SINCE) as Since[];

export const runsShape = ({ parseAsString, parseAsStringLiteral }: Parsers) => ({
  status: parseAsStringLiteral(RUN_TABS).withDefault('all'),
  q: parseAsString.withDefault(''),
  job: parseAsString.withDefault(''),
  since: parseAsStringLiteral(SINCES),
});
export type RunsSearch = { status: RunTab; q: string; job: string; since: Since | null };

const ROUND_MS = 60_000;

/** What the API is asked for; `now` in whole minutes, so that server and browser ask alike. */
export function runFilter({ status, q, job, since }: RunsSearch, now: number): RunFilter {
  return {
    ...(status === 'all' ? {} : { status: [status] }),
    ...(q.trim() ? { q: q.trim() } : {}),
    ...(job ? { job_id: job } : {}),
    ...(since ? { since: new Date(Math.floor((now - SINCE[since]) / ROUND_MS) * ROUND_MS).toISOString() } : {}),
  };
}

/** Whether the run of an event belongs to the list now; undefined where the event does not say. */
export function fitsFilter(event: EventBody, filter: RunFilter): boolean | undefined {
  if (event.run_id === null || event.job_id === null) return undefined;
  if (filter.job_id !== undefined && event.job_id !== filter.job_id) return undefined;
  const { q } = filter;
  // Of a trace id or a fingerprint an event says nothing.
  if (q !== undefined && !event.run_id.startsWith(q) && !event.job_id.startsWith(q)) return undefined;
  if (filter.status !== undefined) return filter.status.some((status) => status === event.status);
  return event.rev === 1 ? true : undefined;
}
