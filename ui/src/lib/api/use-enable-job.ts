'use client';

import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { api, unwrap, type Page } from './client';
import type { Job } from './queries';
import { useAction } from './use-action';

type Pages = InfiniteData<Page<Job>>;

/** Set `enabled` in every cached list and detail of the job. */
function patchCache(client: QueryClient, jobId: string, enabled: boolean): void {
  const patch = (job: Job): Job => (job.job_id === jobId && job.enabled !== enabled ? { ...job, enabled } : job);
  client.setQueriesData<Pages>({ queryKey: ['jobs'] }, (pages) =>
    pages && { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.map(patch) })) },
  );
  client.setQueryData<Job>(['job', jobId], (job) => job && patch(job));
}

export function setJobEnabled(jobId: string, enabled: boolean) {
  const params = { params: { path: { job_id: jobId } } };
  return unwrap(enabled ? api.PUT('/jobs/{job_id}/enable', params) : api.PUT('/jobs/{job_id}/disable', params));
}

/** Enable or disable a job. Optimistic: the change is shown at once and reverted if the API refuses it. */
export function useEnableJob(jobId: string) {
  const client = useQueryClient();
  const keys = [['jobs'], ['job', jobId]];
  return useAction<unknown, boolean>({
    run: (enabled) => setJobEnabled(jobId, enabled),
    onMutate: async (enabled) => {
      // The response to an earlier read would overwrite the optimistic state.
      await Promise.all(keys.map((queryKey) => client.cancelQueries({ queryKey })));
      patchCache(client, jobId, enabled);
    },
    onError: (_, enabled) => patchCache(client, jobId, !enabled),
    // The API computes the next run.
    onSettled: () => Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
