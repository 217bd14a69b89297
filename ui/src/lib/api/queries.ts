import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapPage, type Answer, type Page, type Schemas } from './client';
import type { Client } from 'openapi-fetch';
import type { paths } from '@/generated/schema';

export type ApiClient = Client<paths>;
export type RunStatus = Schemas['RunStatus'];
export type Run = Schemas['RunBody'];
export type RunDetail = Schemas['RunDetail'];
/** A run as lists keep it: without inputs and result, so that ten thousand rows stay small. */
export type RunRow = Omit<Run, 'inputs' | 'result'>;
export type Job = Schemas['JobBody'];
export type EventBody = Schemas['EventBody'];
export type Contact = Schemas['ContactBody'];
export type Calendar = Schemas['CalendarBody'];
export type Monitor = Schemas['MonitorBody'];
export type Incident = Schemas['IncidentBody'];
export type Maintenance = Schemas['MaintenanceBody'];

export type StatsRange = Schemas['StatsRange'];
/** The ranges of figures, shortest first. */
export const STATS_RANGES = ['1h', '24h', '7d'] as const satisfies readonly StatsRange[];

/*
 * The API queries that several features use. The first part of a key names the data; the live stream patches and
 * refreshes by it (lib/live). Each takes the client, so that the server prefetches the same query that the browser
 * reads: `queries.jobs(filter, await serverClient())`.
 */

export type JobFilter = { type?: string; enabled?: boolean; tag?: string; q?: string };
export type IncidentFilter = { state?: 'open' | 'closed'; kind?: Incident['kind']; job_id?: string };
export type RunFilter = {
  /** An id, or a pattern: `monitor-*`. */
  job_id?: string;
  status?: RunStatus[];
  type?: string;
  tag?: string;
  trace_id?: string;
  q?: string;
  since?: string;
  until?: string;
};

const PAGE_SIZE = 100;
const INCIDENT_PAGE_SIZE = 25;

type Load<T> = (cursor: number | undefined, signal: AbortSignal) => Promise<Answer<T[]>>;

/** A list that is read page by page. */
export function pagedQuery<T>(key: readonly unknown[], load: Load<T>) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }): Promise<Page<T>> =>
      unwrapPage(load(pageParam === null ? undefined : Number(pageParam), signal)),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<T>) => last.next,
  });
}

export function runRow({ inputs: _inputs, result: _result, ...row }: Run): RunRow {
  return { ...row, error: row.error && { ...row.error, traceback: null } };
}

/** A list of runs that is read page by page, without inputs and results. */
export function pagedRuns(key: readonly unknown[], load: Load<Run>) {
  return pagedQuery<RunRow>(key, async (cursor, signal) => {
    const { data, ...answer } = await load(cursor, signal);
    return { ...answer, ...(data ? { data: data.map(runRow) } : {}) };
  });
}

export const queries = {
  readiness: (client: ApiClient = api) =>
    queryOptions({
      queryKey: ['readiness'],
      // A 503 has the same body: it names the missing parts.
      queryFn: async ({ signal }) => {
        const answer = await client.GET('/readyz', { signal });
        const body = (answer.data ?? answer.error) as Schemas['Readiness'] | undefined;
        if (body && 'checks' in body) return body;
        return unwrap(Promise.resolve(answer));
      },
    }),
  workers: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['workers'], queryFn: ({ signal }) => unwrap(client.GET('/workers', { signal })) }),
  queue: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['queue'], queryFn: ({ signal }) => unwrap(client.GET('/queue', { signal })) }),
  /** Below the key of `queue`, so that both are read again together. */
  queues: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['queue', 'each'], queryFn: ({ signal }) => unwrap(client.GET('/queues', { signal })) }),
  platform: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['platform'], queryFn: ({ signal }) => unwrap(client.GET('/platform', { signal })) }),
  runCounts: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['run-counts'], queryFn: ({ signal }) => unwrap(client.GET('/runs/counts', { signal })) }),
  /** Longer ranges have a key of their own, because they are read again less often. */
  stats: (range: StatsRange, client: ApiClient = api) =>
    queryOptions({
      queryKey: [range === '1h' ? 'stats' : 'long-stats', range],
      queryFn: ({ signal }) => unwrap(client.GET('/stats', { signal, params: { query: { range } } })),
    }),
  jobTypes: (client: ApiClient = api) =>
    queryOptions({
      queryKey: ['job-types'],
      queryFn: ({ signal }) => unwrap(client.GET('/job-types', { signal })),
      staleTime: 300_000,
    }),
  jobs: (filter: JobFilter = {}, client: ApiClient = api) =>
    pagedQuery<Job>(['jobs', filter], (cursor, signal) =>
      client.GET('/jobs', { signal, params: { query: { ...filter, cursor, limit: PAGE_SIZE } } }),
    ),
  job: (jobId: string, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['job', jobId],
      queryFn: ({ signal }) => unwrap(client.GET('/jobs/{job_id}', { signal, params: { path: { job_id: jobId } } })),
    }),
  jobRuns: (jobId: string, status?: RunStatus, client: ApiClient = api, limit = PAGE_SIZE) =>
    pagedRuns(['job-runs', jobId, status ?? 'all', limit], (cursor, signal) =>
      client.GET('/jobs/{job_id}/runs', {
        signal,
        params: { path: { job_id: jobId }, query: { status, cursor, limit } },
      }),
    ),
  runs: (filter: RunFilter = {}, client: ApiClient = api) =>
    pagedRuns(['runs', filter], (cursor, signal) =>
      client.GET('/runs', { signal, params: { query: { ...filter, cursor, limit: PAGE_SIZE } } }),
    ),
  run: (runId: string, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['run', runId],
      queryFn: ({ signal }) => unwrap(client.GET('/runs/{run_id}', { signal, params: { path: { run_id: runId } } })),
    }),
  deadLetters: (client: ApiClient = api) =>
    pagedQuery<Schemas['DeadGroupBody']>(['dead-letters'], (cursor, signal) =>
      client.GET('/dead-letters', { signal, params: { query: { cursor, limit: PAGE_SIZE } } }),
    ),
  /** How many jobs there are. */
  jobCount: (client: ApiClient = api) =>
    queryOptions({
      queryKey: ['job-count'],
      queryFn: async ({ signal }) => (await unwrapPage(client.GET('/jobs', { signal, params: { query: { limit: 1 } } }))).total,
    }),
  monitors: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['monitors'], queryFn: ({ signal }) => unwrap(client.GET('/monitors', { signal })) }),
  /** So many monitors, the worst first. */
  worstMonitors: (worst: number, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['monitors', 'worst', worst],
      queryFn: ({ signal }) => unwrapPage(client.GET('/monitors', { signal, params: { query: { worst } } })),
    }),
  monitor: (jobId: string, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['monitor', jobId],
      queryFn: ({ signal }) => unwrap(client.GET('/monitors/{job_id}', { signal, params: { path: { job_id: jobId } } })),
    }),
  incidents: (filter: IncidentFilter = {}, limit = INCIDENT_PAGE_SIZE, client: ApiClient = api) =>
    pagedQuery<Incident>(['incidents', filter, limit], (cursor, signal) =>
      client.GET('/incidents', { signal, params: { query: { ...filter, cursor, limit } } }),
    ),
  incident: (incidentId: string, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['incident', incidentId],
      queryFn: ({ signal }) =>
        unwrap(client.GET('/incidents/{incident_id}', { signal, params: { path: { incident_id: incidentId } } })),
    }),
  incidentSummary: (client: ApiClient = api) =>
    queryOptions({
      queryKey: ['incident-summary'],
      queryFn: ({ signal }) => unwrap(client.GET('/incidents/summary', { signal })),
    }),
  connectors: (client: ApiClient = api) =>
    queryOptions({
      queryKey: ['connectors'],
      queryFn: ({ signal }) => unwrap(client.GET('/connectors', { signal })),
    }),
  defaultNotify: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['default-notify'], queryFn: () => unwrap(client.GET('/settings/default-notify')) }),
  /** The fires of the next hours, from the time of the read on. */
  fires: (hours: number, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['fires', hours],
      queryFn: ({ signal }) => unwrap(client.GET('/fires', { signal, params: { query: { hours } } })),
    }),
  maintenance: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['maintenance'], queryFn: ({ signal }) => unwrap(client.GET('/maintenance', { signal })) }),
  notificationRules: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['notification-rules'], queryFn: ({ signal }) => unwrap(client.GET('/notification-rules', { signal })) }),
  calendars: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['calendars'], queryFn: ({ signal }) => unwrap(client.GET('/calendars', { signal })) }),
  contacts: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['contacts'], queryFn: ({ signal }) => unwrap(client.GET('/contacts', { signal })) }),
};
