'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api, newIdempotencyKey, toApiError, unwrap, type ApiError } from '@/lib/api/client';
import { mapConcurrently } from '@/lib/concurrency';
import { applyRun } from '@/lib/live/merge';
import type { RunRow } from '@/lib/api/queries';
import { RUN_STATES } from '@/lib/run-states';

const AT_ONCE = 6;

export type BulkAction = 'cancel' | 'rerun';
export type Refusal = { runId: string; problem: ApiError };
export type BulkState =
  | { step: 'asked'; act: BulkAction }
  | { step: 'working'; act: BulkAction; done: number; of: number }
  | { step: 'refused'; act: BulkAction; ok: number; refusals: Refusal[] };

/** The runs that an act is for: only active ones can be cancelled, only ended ones run again. */
export function runsFor(act: BulkAction, runs: readonly RunRow[]): RunRow[] {
  return runs.filter((run) => RUN_STATES[run.status].isActive === (act === 'cancel'));
}

/** Cancels or repeats many runs, a few at a time; what is refused is told by id. */
export function useBulkAction(onDone: (act: BulkAction, count: number) => void) {
  const client = useQueryClient();
  const [state, setState] = useState<BulkState | null>(null);

  const cancel = async (run: RunRow) => {
    const answer = await unwrap(api.POST('/runs/{run_id}/cancel', { params: { path: { run_id: run.run_id } } }));
    // A running one ends later, and says so by an event; till then its row says that it was told.
    if (answer.status === 'running') applyRun(client, { ...run, cancel_requested: true });
  };
  const rerun = (run: RunRow) =>
    unwrap(
      api.POST('/runs/{run_id}/rerun', {
        params: { path: { run_id: run.run_id }, header: { 'Idempotency-Key': newIdempotencyKey() } },
        body: { delay_sec: 0, inputs: null },
      }),
    );

  const start = async (act: BulkAction, runs: readonly RunRow[]) => {
    setState({ step: 'working', act, done: 0, of: runs.length });
    const outcomes = await mapConcurrently<RunRow, unknown>(runs, AT_ONCE, act === 'cancel' ? cancel : rerun, (done) =>
      setState({ step: 'working', act, done, of: runs.length }),
    );
    const refusals = outcomes.flatMap((outcome, at) =>
      outcome.status === 'rejected' ? [{ runId: runs[at]?.run_id ?? '', problem: toApiError(outcome.reason) }] : [],
    );
    const ok = runs.length - refusals.length;
    setState(refusals.length > 0 ? { step: 'refused', act, ok, refusals } : null);
    onDone(act, ok);
  };

  return { state, ask: (act: BulkAction) => setState({ step: 'asked', act }), close: () => setState(null), start };
}
