import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, unwrap, unwrapPage, type Page, type Schemas } from '@/lib/api/client';
import type { Lang } from '@/lib/i18n';
import type { ApiClient, EventBody } from '@/lib/api/queries';
import { HISTORY, barOf } from './history/history';
import { PERIODS, type Period } from './search-params';

const FIRES = 5;
/** The maximum number of slot ranges, newest first. */
export const RANGES = 100;
const EVENTS = 50;
const HOUR_MS = 3_600_000;
// Up to the next leap day.
const AHEAD_MS = 10 * 366 * 24 * HOUR_MS;

const ago = (ms: number) => new Date(Date.now() - ms).toISOString();

/** Queries of one job that only this feature needs; `lib/live/refresh.ts` uses their keys. */
export const jobQueries = {
  history: (jobId: string, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['job-history', jobId],
      queryFn: async () => {
        const path = { job_id: jobId };
        const runs = await unwrap(
          client.GET('/jobs/{job_id}/runs', { params: { path, query: { limit: HISTORY } } }),
        );
        return runs.map(barOf);
      },
    }),
  pingUrl: (jobId: string, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['job-ping', jobId],
      queryFn: () => unwrap(client.GET('/pings/{job_id}', { params: { path: { job_id: jobId } } })),
    }),
  why: (jobId: string, lang: Lang, period: Period, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['job-why', jobId, lang, period],
      queryFn: () =>
        unwrap(
          client.GET('/jobs/{job_id}/why', {
            params: {
              path: { job_id: jobId },
              query: { from: ago(PERIODS[period]), limit: RANGES },
              header: { 'Accept-Language': lang },
            },
          }),
        ),
    }),
  /** Overdue slots and the next fires. */
  fires: (jobId: string, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['occurrences', jobId, 'next'],
      queryFn: async () => {
        const query = { from: ago(HOUR_MS), to: ago(-AHEAD_MS), limit: FIRES };
        const found = await unwrap(
          client.GET('/jobs/{job_id}/occurrences', { params: { path: { job_id: jobId }, query } }),
        );
        return found.filter((each) => each.outcome === 'upcoming');
      },
    }),
  /** Clock changes, and the slots ahead that are left out; only roles that may save a schedule may ask. */
  preview: (schedule: Schemas['Schedule'], client: ApiClient = api) =>
    queryOptions({
      queryKey: ['job-preview', schedule],
      queryFn: () => unwrap(client.POST('/schedules/preview', { body: { schedule, count: FIRES } })),
      staleTime: HOUR_MS,
    }),
  versions: (jobId: string, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['versions', jobId],
      queryFn: async () => {
        const found = await unwrap(client.GET('/jobs/{job_id}/versions', { params: { path: { job_id: jobId } } }));
        return Array.isArray(found) ? found : [];
      },
    }),
  comparison: (jobId: string, from: number, to: number, client: ApiClient = api) =>
    queryOptions({
      queryKey: ['versions', jobId, from, to],
      queryFn: async () => {
        const params = { path: { job_id: jobId }, query: { from, to } };
        const found = await unwrap(client.GET('/jobs/{job_id}/versions', { params }));
        return Array.isArray(found) ? [] : found.changes;
      },
      staleTime: Infinity,
    }),
  /** Newest first; an empty page may have a next one. */
  events: (jobId: string, client: ApiClient = api) =>
    infiniteQueryOptions({
      queryKey: ['job-events', jobId],
      queryFn: async ({ pageParam }): Promise<Page<EventBody>> => {
        const query = { topics: `job:${jobId}`, limit: EVENTS, before: pageParam ?? undefined };
        const page = await unwrapPage<EventBody>(client.GET('/events', { params: { query } }), 'before');
        return { ...page, items: page.items.toReversed() };
      },
      initialPageParam: null as string | null,
      getNextPageParam: (last: Page<EventBody>) => last.next,
    }),
};
