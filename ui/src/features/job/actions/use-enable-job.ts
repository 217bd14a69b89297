'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap } from '@/lib/api/client';
import { queries, type Job } from '@/lib/api/queries';

/** Switch a job on or off: shown at once, taken back where the API refuses. */
export function useEnableJob(jobId: string) {
  const client = useQueryClient();
  const { queryKey } = queries.job(jobId);
  const show = (enabled: boolean) => client.setQueryData<Job>(queryKey, (job) => job && { ...job, enabled });
  const action = useAction({
    run: (enabled: boolean) => {
      const params = { path: { job_id: jobId } };
      return unwrap(
        enabled ? api.PUT('/jobs/{job_id}/enable', { params }) : api.PUT('/jobs/{job_id}/disable', { params }),
      );
    },
    onMutate: async (enabled) => {
      // An answer that is under way must not take it back.
      await client.cancelQueries({ queryKey });
      show(enabled);
    },
    onError: (_error, enabled) => {
      show(!enabled);
    },
    onSettled: () => client.invalidateQueries({ queryKey }),
  });
  return { set: (enabled: boolean) => action.mutate(enabled), isPending: action.isPending };
}
