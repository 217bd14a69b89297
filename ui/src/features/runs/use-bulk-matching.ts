'use client';

import { useEffect, useRef, useState } from 'react';
import { api, newIdempotencyKey, toApiError, unwrap, type ApiError, type Schemas } from '@/lib/api/client';
import type { RunFilter } from '@/lib/api/queries';
import type { RunAction } from './bulk-actions';

type Step = Schemas['BulkStep'];
type Refused = { code: string; count: number; samples: string[] };
/** Why a bulk action ended early: a reason of the API, an error, or the user. */
export type StopReason = { code: string; detail: string };

export type BulkMatchState = {
  step: 'counting' | 'asked' | 'working' | 'ended';
  act: RunAction;
  bulkId: string;
  searched: number;
  total: number;
  /** Runs that the count has found. */
  matched: number;
  done: number;
  refused: Refused[];
  traceId: string;
  cursor: number | null;
  halt: StopReason | null;
};

const STOPPED: StopReason = { code: 'stopped', detail: '' };

/** The state after a step; `halt` if the API has stopped. */
export function afterStep(state: BulkMatchState, step: Step, before: number): BulkMatchState {
  const refused = state.refused.map((each) => ({ ...each }));
  for (const { code, count, sample_run_ids: samples } of step.refused) {
    const known = refused.find((each) => each.code === code);
    if (known) known.count += count;
    else refused.push({ code, count, samples });
  }
  return {
    ...state,
    searched: before + step.searched,
    total: before + step.total,
    matched: state.step === 'counting' ? state.matched + step.matched : state.matched,
    done: state.done + step.done,
    refused,
    traceId: step.trace_id,
    cursor: step.next_cursor,
    halt: step.stopped,
  };
}

/** Counts the matching runs, asks, then cancels or re-runs them step by step. Each step can be stopped. */
export function useBulkMatching(filter: RunFilter) {
  const [state, setState] = useState<BulkMatchState | null>(null);
  // A number for each loop: a later loop, Stop, and leaving the page end it.
  const generation = useRef(0);
  useEffect(() => () => void (generation.current += 1), []);

  const runSteps = async (first: BulkMatchState, next: 'asked' | 'ended') => {
    const current = (generation.current += 1);
    let now = first;
    setState(now);
    for (;;) {
      let halt: ApiError | null = null;
      try {
        const step = await unwrap(
          api.POST('/runs/bulk', {
            body: {
              ...{ action: now.act, filter, bulk_id: now.bulkId, limit: STEP_RUNS, dry_run: next === 'asked' },
              ...(now.cursor === null ? {} : { cursor: now.cursor }),
            },
          }),
        );
        now = afterStep(now, step, now.searched);
      } catch (error) {
        halt = toApiError(error);
        now = { ...now, halt: { code: halt.code, detail: halt.detail } };
      }
      if (generation.current !== current) {
        // Stopped meanwhile: add the result of this last step.
        setState((shown) => (shown?.bulkId === now.bulkId && shown.step === 'ended' ? { ...now, step: 'ended', halt: now.cursor === null ? now.halt : (now.halt ?? STOPPED) } : shown));
        return;
      }
      if (now.halt !== null) return setState({ ...now, step: 'ended' });
      if (now.cursor === null) return setState(next === 'asked' ? { ...now, step: 'asked', searched: 0, total: 0 } : { ...now, step: 'ended' });
      setState(now);
    }
  };

  const ask = (act: RunAction) =>
    void runSteps({ step: 'counting', act, bulkId: newIdempotencyKey(), ...NOTHING }, 'asked');
  const start = () => state && void runSteps({ ...state, step: 'working', cursor: state.step === 'asked' ? null : state.cursor, halt: null }, 'ended');
  const stop = () => {
    generation.current += 1;
    setState((shown) => shown && { ...shown, step: 'ended', halt: STOPPED });
  };
  const close = () => {
    generation.current += 1;
    setState(null);
  };
  return { state, ask, start, stop, close };
}

const STEP_RUNS = 200;
const NOTHING = { searched: 0, total: 0, matched: 0, done: 0, refused: [], traceId: '', cursor: null, halt: null };
