import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapPage, type Answer, type Page, type Schemas } from './api';
import type { Client } from 'openapi-fetch';
import type { paths } from '@/generated/schema';

export type ApiClient = Client<paths>;
export type RunStatus = Schemas['RunStatus'];
export type Run = Schemas['RunBody'];
export type RunDetail = Schemas['RunDetail'];
/** A run as lists keep it: what it was given and what it gave stay out, so that ten thousand rows are light. */
export type RunRow = Omit<Run, 'inputs' | 'result'>;
export type Job = Schemas['JobBody'];
export type EventBody = Schemas['EventBody'];

/*
 * Every read of the API that more than one place needs. The first part of a key says what it holds; the live
 * stream patches and refreshes by it (lib/live). Each takes the client, so that the server prefetches the same
 * query that the browser then reads: `queries.jobs(filter, await serverClient())`.
 */

export type JobFilter = { type?: string; enabled?: boolean; tag?: string; q?: string };
export type RunFilter = { job_id?: string; status?: RunStatus; q?: string; since?: string };

const PAGE_SIZE = 100;

function pages<T>(key: readonly unknown[], load: (cursor: number | undefined) => Promise<Answer<T[]>>) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam }): Promise<Page<T>> =>
      unwrapPage(load(pageParam === null ? undefined : Number(pageParam))),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Page<T>) => last.next,
  });
}

export function runRow({ inputs: _inputs, result: _result, ...row }: Run): RunRow {
  return { ...row, error: row.error && { ...row.error, traceback: null } };
}

function runPages(key: readonly unknown[], load: (cursor: number | undefined) => Promise<Answer<Run[]>>) {
  return pages<RunRow>(key, async (cursor) => {
    const { data, ...answer } = await load(cursor);
    return { ...answer, ...(data ? { data: data.map(runRow) } : {}) };
  });
}

export const queries = {
  readiness: (client: ApiClient = api) =>
    queryOptions({
      queryKey: ['readiness'],
      // 503 carries the same body: it says what is missing.
      queryFn: async () => {
        const answer = await client.GET('/readyz');
        const body = (answer.data ?? answer.error) as Schemas['Readiness'] | undefined;
        if (body && 'checks' in body) return body;
        return unwrap(Promise.resolve(answer));
      },
    }),
  workers: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['workers'], queryFn: () => unwrap(client.GET('/workers')) }),
  queue: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['queue'], queryFn: () => unwrap(client.GET('/queue')) }),
  platform: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['platform'], queryFn: () => unwrap(client.GET('/platform')) }),
  runCounts: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['run-counts'], queryFn: () => unwrap(client.GET('/runs/counts')) }),
  stats: (minutes: number, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['stats', minutes],
      queryFn: () => unwrap(client.GET('/stats', { params: { query: { minutes } } })),
    }),
  jobTypes: (client: ApiClient = api) =>
    queryOptions({
      queryKey: ['job-types'],
      queryFn: () => unwrap(client.GET('/job-types')),
      staleTime: 300_000,
    }),
  jobs: (filter: JobFilter = {}, client: ApiClient = api) =>
    pages<Job>(['jobs', filter], (cursor) =>
      client.GET('/jobs', { params: { query: { ...filter, cursor, limit: PAGE_SIZE } } }),
    ),
  job: (jobId: string, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['job', jobId],
      queryFn: () => unwrap(client.GET('/jobs/{job_id}', { params: { path: { job_id: jobId } } })),
    }),
  jobRuns: (jobId: string, status?: RunStatus, client: ApiClient = api) =>
    runPages(['job-runs', jobId, status ?? 'all'], (cursor) =>
      client.GET('/jobs/{job_id}/runs', {
        params: { path: { job_id: jobId }, query: { status, cursor, limit: PAGE_SIZE } },
      }),
    ),
  runs: (filter: RunFilter = {}, client: ApiClient = api) =>
    runPages(['runs', filter], (cursor) =>
      client.GET('/runs', { params: { query: { ...filter, cursor, limit: PAGE_SIZE } } }),
    ),
  run: (runId: string, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['run', runId],
      queryFn: () => unwrap(client.GET('/runs/{run_id}', { params: { path: { run_id: runId } } })),
    }),
  deadLetters: (client: ApiClient = api) =>
    pages<Schemas['DeadGroupBody']>(['dead-letters'], (cursor) =>
      client.GET('/dead-letters', { params: { query: { cursor, limit: PAGE_SIZE } } }),
    ),
  connectors: (client: ApiClient = api) =>
    queryOptions({
      queryKey: ['connectors'],
      queryFn: () => unwrap(client.GET('/connectors')),
    }),
};
