'use client';

import { useEffect, useRef, useState } from 'react';
import { api, newIdempotencyKey, toApiError, unwrap, type ApiError, type Schemas } from '@/lib/api';
import type { RunFilter } from '@/lib/queries';
import type { BulkAct } from './bulk';

type Step = Schemas['BulkStep'];
type Refused = { code: string; count: number; samples: string[] };
/** Why an act on all that match ended early: the API's reason, an error, or a person. */
export type Halt = { code: string; detail: string };

export type MatchState = {
  step: 'counting' | 'asked' | 'working' | 'ended';
  act: BulkAct;
  bulkId: string;
  searched: number;
  total: number;
  /** Runs that the count has found. */
  matched: number;
  done: number;
  refused: Refused[];
  traceId: string;
  cursor: number | null;
  halt: Halt | null;
};

const STOPPED: Halt = { code: 'stopped', detail: '' };

/** The state after a step; `halt` if the API has stopped. */
export function afterStep(state: MatchState, step: Step, before: number): MatchState {
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

/** Counts the runs that match, asks, then cancels or repeats them step by step; each step may be stopped. */
export function useMatching(filter: RunFilter) {
  const [state, setState] = useState<MatchState | null>(null);
  // A number for each walk: a later one, Stop and leaving the page end it.
  const walk = useRef(0);
  useEffect(() => () => void (walk.current += 1), []);

  const go = async (first: MatchState, next: 'asked' | 'ended') => {
    const mine = (walk.current += 1);
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
      if (walk.current !== mine) {
        // Stopped meanwhile: the result of this step is still added.
        setState((shown) => (shown?.bulkId === now.bulkId && shown.step === 'ended' ? { ...now, step: 'ended', halt: now.cursor === null ? now.halt : (now.halt ?? STOPPED) } : shown));
        return;
      }
      if (now.halt !== null) return setState({ ...now, step: 'ended' });
      if (now.cursor === null) return setState(next === 'asked' ? { ...now, step: 'asked', searched: 0, total: 0 } : { ...now, step: 'ended' });
      setState(now);
    }
  };

  const ask = (act: BulkAct) =>
    void go({ step: 'counting', act, bulkId: newIdempotencyKey(), ...NOTHING }, 'asked');
  const start = () => state && void go({ ...state, step: 'working', cursor: state.step === 'asked' ? null : state.cursor, halt: null }, 'ended');
  const stop = () => {
    walk.current += 1;
    setState((shown) => shown && { ...shown, step: 'ended', halt: STOPPED });
  };
  const close = () => {
    walk.current += 1;
    setState(null);
  };
  return { state, ask, start, stop, close };
}

const STEP_RUNS = 200;
const NOTHING = { searched: 0, total: 0, matched: 0, done: 0, refused: [], traceId: '', cursor: null, halt: null };
