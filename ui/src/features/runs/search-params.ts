import type { Parsers } from '@/lib/search-param-parsers';
import type { EventBody, RunFilter, RunStatus } from '@/lib/api/queries';

const STATUSES = ['running', 'queued', 'scheduled', 'retrying', 'success', 'failed', 'cancelled'] as const satisfies readonly RunStatus[];
export const RUN_TABS = ['all', ...STATUSES] as const;
export type RunTab = (typeof RUN_TABS)[number];

/** The period of the list, in milliseconds. */
export const SINCE = { '15m': 900_000, '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000 } as const;
export type Since = keyof typeof SINCE;
const SINCES = Object.keys(SINCE) as Since[];

export const runsShape = ({ parseAsString, parseAsStringLiteral }: Parsers) => ({
  status: parseAsStringLiteral(RUN_TABS).withDefault('all'),
  q: parseAsString.withDefault(''),
  job: parseAsString.withDefault(''),
  since: parseAsStringLiteral(SINCES),
  /** A period as instants; it replaces `since`. */
  from: parseAsString.withDefault(''),
  until: parseAsString.withDefault(''),
  type: parseAsString.withDefault(''),
  tag: parseAsString.withDefault(''),
  trace: parseAsString.withDefault(''),
});
export type RunsSearch = {
  status: RunTab;
  q: string;
  job: string;
  since: Since | null;
  from: string;
  until: string;
  type: string;
  tag: string;
  trace: string;
};

/** Whether a filter besides the state is set. */
export function isNarrowed({ status: _status, ...rest }: RunsSearch): boolean {
  return Object.values(rest).some((value) => value !== '' && value !== null);
}

/** An instant in the URL; undefined if it is malformed, because the API would refuse it. */
function instantOf(text: string): string | undefined {
  const at = new Date(text);
  return text === '' || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

const ROUND_MS = 60_000;

/** The filter of the API request. `now` is in whole minutes, so that server and browser send the same request. */
export function runFilter({ status, q, job, since, from, until, type, tag, trace }: RunsSearch, now: number): RunFilter {
  const [after, before] = [instantOf(from), instantOf(until)];
  return {
    ...(status === 'all' ? {} : { status: [status] }),
    ...(q.trim() ? { q: q.trim() } : {}),
    ...(job ? { job_id: job } : {}),
    ...(type ? { type } : {}),
    ...(tag ? { tag } : {}),
    ...(trace ? { trace_id: trace } : {}),
    ...(since ? { since: new Date(Math.floor((now - SINCE[since]) / ROUND_MS) * ROUND_MS).toISOString() } : {}),
    ...(after ? { since: after } : {}),
    ...(before ? { until: before } : {}),
  };
}

/** Whether the run of an event belongs to the list; undefined if the event does not contain enough data. */
export function matchesFilter(event: EventBody, filter: RunFilter): boolean | undefined {
  if (event.run_id === null || event.job_id === null) return undefined;
  if (filter.job_id !== undefined && !isJob(event.job_id, filter.job_id)) return undefined;
  // An event has no text, type, tag or trace. A period that has ended contains no new run.
  if (filter.type !== undefined || filter.tag !== undefined || filter.trace_id !== undefined) return undefined;
  if (filter.until !== undefined && Date.parse(filter.until) < Date.parse(event.at)) return undefined;
  const q = filter.q?.toLowerCase();
  if (q !== undefined && ![event.run_id, event.job_id].some((id) => id.toLowerCase().includes(q))) return undefined;
  if (filter.status !== undefined) return filter.status.some((status) => status === event.status);
  return event.rev === 1 ? true : undefined;
}

/** Whether a job id equals or matches a pattern; as in the API, `*` matches any characters. */
function isJob(jobId: string, wanted: string): boolean {
  const [first = '', ...rest] = wanted.split('*');
  const last = rest.pop();
  if (last === undefined) return jobId === first;
  if (!jobId.startsWith(first) || jobId.length < first.length + last.length || !jobId.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = jobId.slice(0, jobId.length - last.length).indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return true;
}
