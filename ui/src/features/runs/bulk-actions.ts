'use client';

import { useQueryClient } from '@tanstack/react-query';
import { requestEach, useBulkAction } from '@/components/bulk/use-bulk-action';
import { api, newIdempotencyKey, unwrap } from '@/lib/api/client';
import type { RunRow } from '@/lib/api/queries';
import { applyRun } from '@/lib/live/merge';
import { RUN_STATES } from '@/lib/run-states';

export type RunAction = 'cancel' | 'rerun';

/** The selected runs that an action applies to: only active runs can be cancelled, only ended ones run again. */
export function runsFor(action: RunAction, runs: readonly RunRow[]): RunRow[] {
  return runs.filter((run) => RUN_STATES[run.status].isActive === (action === 'cancel'));
}

/** Cancels or re-runs many runs. */
export function useBulkRuns(onDone: (action: RunAction, succeeded: number) => void) {
  const client = useQueryClient();
  const cancel = async (run: RunRow) => {
    const answer = await unwrap(api.POST('/runs/{run_id}/cancel', { params: { path: { run_id: run.run_id } } }));
    // A running run ends later, and an event reports it; until then its row shows the request.
    if (answer.status === 'running') applyRun(client, { ...run, cancel_requested: true });
  };
  const rerun = (run: RunRow) => {
    const params = { path: { run_id: run.run_id }, header: { 'Idempotency-Key': newIdempotencyKey() } };
    return unwrap(api.POST('/runs/{run_id}/rerun', { params, body: { delay_sec: 0, inputs: null } }));
  };
  return useBulkAction<RunAction, RunRow>(
    (action, runs, onProgress) => requestEach<RunRow>(runs, (run) => run.run_id, action === 'cancel' ? cancel : rerun, onProgress),
    onDone,
  );
}
