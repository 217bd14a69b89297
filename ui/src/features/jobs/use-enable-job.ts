'use client';

import { useQueryClient, type InfiniteData, type QueryClient } from '@tanstack/react-query';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap, type Page } from '@/lib/api/client';
import type { Job } from '@/lib/api/queries';

type Pages = InfiniteData<Page<Job>>;

/** Put `enabled` into every list that shows the job; the API tells the next run afterwards. */
function show(client: QueryClient, jobId: string, enabled: boolean): void {
  const put = (job: Job): Job => (job.job_id === jobId && job.enabled !== enabled ? { ...job, enabled } : job);
  client.setQueriesData<Pages>({ queryKey: ['jobs'] }, (pages) =>
    pages && { ...pages, pages: pages.pages.map((page) => ({ ...page, items: page.items.map(put) })) },
  );
  client.setQueryData<Job>(['job', jobId], (job) => job && put(job));
}

export function setJobEnabled(jobId: string, enabled: boolean) {
  const params = { params: { path: { job_id: jobId } } };
  return unwrap(enabled ? api.PUT('/jobs/{job_id}/enable', params) : api.PUT('/jobs/{job_id}/disable', params));
}

/** Switches a job on or off: shown at once, and taken back where it is refused. */
export function useEnableJob(jobId: string) {
  const client = useQueryClient();
  return useAction<unknown, boolean>({
    run: (enabled) => setJobEnabled(jobId, enabled),
    onMutate: async (enabled) => {
      // A read that is under way would show the old state once more.
      await client.cancelQueries({ queryKey: ['jobs'] });
      show(client, jobId, enabled);
    },
    onError: (_, enabled) => show(client, jobId, !enabled),
    onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }),
  });
}
