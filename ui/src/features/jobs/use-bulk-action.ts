'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, api, newIdempotencyKey, toApiError, unwrap } from '@/lib/api/client';
import { mapConcurrently } from '@/lib/concurrency';
import type { Job } from '@/lib/api/queries';
import { setJobEnabled } from './use-enable-job';

const AT_ONCE = 6;
const BATCH = 500;

export type BulkAction = 'enable' | 'disable' | 'run';
export type Refusal = { jobId: string; problem: ApiError };
export type BulkState =
  | { step: 'asked'; act: BulkAction }
  | { step: 'working'; act: BulkAction; done: number; of: number }
  | { step: 'refused'; act: BulkAction; ok: number; refusals: Refusal[] };

/** The jobs that an act changes: what is on already is not enabled again. */
export function jobsFor(act: BulkAction, jobs: readonly Job[]): Job[] {
  return act === 'run' ? [...jobs] : jobs.filter((job) => job.enabled === (act === 'disable'));
}

/** One call makes the runs of many jobs; each stands alone, and what is refused is told by name. */
async function runAll(jobs: readonly Job[], onDone: (done: number) => void): Promise<Refusal[]> {
  const refusals: Refusal[] = [];
  for (let from = 0; from < jobs.length; from += BATCH) {
    const part = jobs.slice(from, from + BATCH);
    const header = { 'Idempotency-Key': newIdempotencyKey() };
    try {
      const body = part.map((job) => ({ job_id: job.job_id, delay_sec: 0, inputs: null }));
      const answer = await unwrap(api.POST('/runs/batch', { params: { header }, body }));
      for (const { index, error } of answer) {
        if (error === null) continue;
        const problem = new ApiError(0, error.code, error.code, error.detail, '');
        refusals.push({ jobId: part[index]?.job_id ?? '', problem });
      }
    } catch (error) {
      refusals.push(...part.map((job) => ({ jobId: job.job_id, problem: toApiError(error) })));
    }
    onDone(from + part.length);
  }
  return refusals;
}

async function switchAll(jobs: readonly Job[], enabled: boolean, onDone: (done: number) => void): Promise<Refusal[]> {
  const outcomes = await mapConcurrently(jobs, AT_ONCE, (job) => setJobEnabled(job.job_id, enabled), onDone);
  return outcomes.flatMap((outcome, at) =>
    outcome.status === 'rejected' ? [{ jobId: jobs[at]?.job_id ?? '', problem: toApiError(outcome.reason) }] : [],
  );
}

/** Enables, disables or runs many jobs. */
export function useBulkAction(onDone: (act: BulkAction, count: number) => void) {
  const client = useQueryClient();
  const [state, setState] = useState<BulkState | null>(null);
  const start = async (act: BulkAction, jobs: readonly Job[]) => {
    const showProgress = (done: number) => setState({ step: 'working', act, done, of: jobs.length });
    showProgress(0);
    const refusals = await (act === 'run' ? runAll(jobs, showProgress) : switchAll(jobs, act === 'enable', showProgress));
    void client.invalidateQueries({ queryKey: ['jobs'] });
    const ok = jobs.length - refusals.length;
    setState(refusals.length > 0 ? { step: 'refused', act, ok, refusals } : null);
    onDone(act, ok);
  };
  return { state, ask: (act: BulkAction) => setState({ step: 'asked', act }), close: () => setState(null), start };
}
