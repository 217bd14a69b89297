'use client';

import { useQueryClient } from '@tanstack/react-query';
import { requestEach, useBulkAction, type Rejection } from '@/components/bulk/use-bulk-action';
import { ApiError, api, newIdempotencyKey, toApiError, unwrap } from '@/lib/api/client';
import type { Job } from '@/lib/api/queries';
import { setJobEnabled } from '@/lib/api/use-enable-job';

const BATCH_SIZE = 500;

export type JobAction = 'enable' | 'disable' | 'run';

/** The selected jobs that an action changes: an enabled job is not enabled again. */
export function jobsFor(action: JobAction, jobs: readonly Job[]): Job[] {
  return action === 'run' ? [...jobs] : jobs.filter((job) => job.enabled === (action === 'disable'));
}

/** Start a run of each job: one request for each 500 jobs, a result for each job. */
async function runAll(jobs: readonly Job[], onProgress: (done: number) => void): Promise<Rejection[]> {
  const rejections: Rejection[] = [];
  for (let from = 0; from < jobs.length; from += BATCH_SIZE) {
    const batch = jobs.slice(from, from + BATCH_SIZE);
    const header = { 'Idempotency-Key': newIdempotencyKey() };
    try {
      const body = batch.map((job) => ({ job_id: job.job_id, delay_sec: 0, inputs: null }));
      const answer = await unwrap(api.POST('/runs/batch', { params: { header }, body }));
      for (const { index, error } of answer) {
        if (error === null) continue;
        const problem = new ApiError(0, error.code, error.code, error.detail, '');
        rejections.push({ id: batch[index]?.job_id ?? '', problem });
      }
    } catch (error) {
      rejections.push(...batch.map((job) => ({ id: job.job_id, problem: toApiError(error) })));
    }
    onProgress(from + batch.length);
  }
  return rejections;
}

/** Enables, disables or runs many jobs. */
export function useBulkJobs(onDone: (action: JobAction, succeeded: number) => void) {
  const client = useQueryClient();
  return useBulkAction<JobAction, Job>(async (action, jobs, onProgress) => {
    const setEnabled = (job: Job) => setJobEnabled(job.job_id, action === 'enable');
    const rejections = await (action === 'run' ? runAll(jobs, onProgress) : requestEach(jobs, (job) => job.job_id, setEnabled, onProgress));
    void client.invalidateQueries({ queryKey: ['jobs'] });
    return rejections;
  }, onDone);
}
