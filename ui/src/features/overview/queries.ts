import { queryOptions } from '@tanstack/react-query';
import { api, unwrap } from '@/lib/api/client';
import { pagedQuery, type ApiClient, type Job } from '@/lib/api/queries';

/** How long a call of the API takes from here, in milliseconds; read again with the readiness. */
export const roundTrip = (client: ApiClient = api) =>
  queryOptions({
    queryKey: ['readiness', 'round-trip'],
    queryFn: async () => {
      const began = performance.now();
      const answer = await client.GET('/healthz');
      // A 503 of the API is a valid response: its checks contain the reasons.
      if (!(answer.error && 'version' in answer.error)) await unwrap(Promise.resolve(answer));
      return performance.now() - began;
    },
  });

/**
 * The newest run of a backup's job that has written one; null if none is on record. Read from each job: a search for
 * runs of the type would look at all of them.
 */
export const lastBackup = (client: ApiClient = api) =>
  queryOptions({
    queryKey: ['last-backup'],
    queryFn: async ({ signal }) => {
      const jobs = await unwrap(client.GET('/jobs', { signal, params: { query: { type: 'backup.export', limit: 50 } } }));
      const query = { status: 'success' as const, limit: 1 };
      const pages = await Promise.all(
        jobs
          .filter((job) => job.recent.length > 0)
          .map(({ job_id }) =>
            unwrap(client.GET('/jobs/{job_id}/runs', { signal, params: { path: { job_id }, query } })),
          ),
      );
      const runs = pages.flat();
      const run = runs.toSorted((a, b) => b.created_at.localeCompare(a.created_at))[0];
      return run ? { run_id: run.run_id, job_id: run.job_id, created_at: run.created_at, ended_at: run.ended_at } : null;
    },
  });

/** What the overview shows; the rest is on the page of incidents. */
export const SHOWN_INCIDENTS = 10;
/** What the overview shows; the rest is on the page of monitors. */
export const SHOWN_MONITORS = 12;
/** What the overview shows; the rest is in the list of jobs. */
export const SHOWN_JOBS = 10;

/** Jobs with a failure to decide on, in a cool-down, or with a late fire. */
export const troubledJobs = (client: ApiClient = api) =>
  pagedQuery<Job>(['jobs', { trouble: true }, SHOWN_JOBS], (cursor, signal) =>
    client.GET('/jobs', { signal, params: { query: { trouble: true, cursor, limit: SHOWN_JOBS } } }),
  );
