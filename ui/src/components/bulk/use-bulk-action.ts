'use client';

import { useState } from 'react';
import { toApiError, type ApiError } from '@/lib/api/client';
import { mapConcurrently } from '@/lib/concurrency';

const CONCURRENCY = 6;

export type Rejection = { id: string; problem: ApiError };
export type BulkState<A> =
  | { step: 'asked'; action: A }
  | { step: 'working'; action: A; done: number; total: number }
  | { step: 'rejected'; action: A; succeeded: number; rejections: readonly Rejection[] };

type Progress = (done: number) => void;
type Perform<A, T> = (action: A, items: readonly T[], onProgress: Progress) => Promise<Rejection[]>;

/** An action on many items: asks, shows progress, then lists the rejected items if there are any. */
export function useBulkAction<A, T>(perform: Perform<A, T>, onDone: (action: A, succeeded: number) => void) {
  const [state, setState] = useState<BulkState<A> | null>(null);
  const start = async (action: A, items: readonly T[]) => {
    const onProgress = (done: number) => setState({ step: 'working', action, done, total: items.length });
    onProgress(0);
    const rejections = await perform(action, items, onProgress);
    const succeeded = items.length - rejections.length;
    setState(rejections.length > 0 ? { step: 'rejected', action, succeeded, rejections } : null);
    onDone(action, succeeded);
  };
  return { state, ask: (action: A) => setState({ step: 'asked', action }), close: () => setState(null), start };
}

/** Run a request for each item, a few at once; a failed one does not stop the others. */
export async function requestEach<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  request: (item: T) => Promise<unknown>,
  onProgress: Progress,
): Promise<Rejection[]> {
  const outcomes = await mapConcurrently(items, CONCURRENCY, request, onProgress);
  return outcomes.flatMap((outcome, index) =>
    outcome.status === 'rejected' ? [{ id: idOf(items[index] as T), problem: toApiError(outcome.reason) }] : [],
  );
}
