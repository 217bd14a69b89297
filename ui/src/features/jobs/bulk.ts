'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, api, newIdempotencyKey, toApiError, unwrap } from '@/lib/api';
import { eachBounded } from '@/lib/bounded';
import type { Job } from '@/lib/queries';
import { writeEnabled } from './switching';

const AT_ONCE = 6;
const BATCH = 500;

export type BulkAct = 'enable' | 'disable' | 'run';
export type Refusal = { jobId: string; problem: ApiError };
export type BulkState =
  | { step: 'asked'; act: BulkAct }
  | { step: 'working'; act: BulkAct; done: number; of: number }
  | { step: 'refused'; act: BulkAct; ok: number; refusals: Refusal[] };

/** The jobs that an act changes: what is on already is not enabled again. */
export function jobsFor(act: BulkAct, jobs: readonly Job[]): Job[] {
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
  const outcomes = await eachBounded(jobs, AT_ONCE, (job) => writeEnabled(job.job_id, enabled), onDone);
  return outcomes.flatMap((outcome, at) =>
    outcome.status === 'rejected' ? [{ jobId: jobs[at]?.job_id ?? '', problem: toApiError(outcome.reason) }] : [],
  );
}

/** Enables, disables or runs many jobs. */
export function useBulk(onDone: (act: BulkAct, count: number) => void) {
  const client = useQueryClient();
  const [state, setState] = useState<BulkState | null>(null);
  const start = async (act: BulkAct, jobs: readonly Job[]) => {
    const tell = (done: number) => setState({ step: 'working', act, done, of: jobs.length });
    tell(0);
    const refusals = await (act === 'run' ? runAll(jobs, tell) : switchAll(jobs, act === 'enable', tell));
    void client.invalidateQueries({ queryKey: ['jobs'] });
    const ok = jobs.length - refusals.length;
    setState(refusals.length > 0 ? { step: 'refused', act, ok, refusals } : null);
    onDone(act, ok);
  };
  return { state, ask: (act: BulkAct) => setState({ step: 'asked', act }), close: () => setState(null), start };
}
