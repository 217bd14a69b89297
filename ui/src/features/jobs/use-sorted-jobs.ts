'use client';

import { useState } from 'react';
import type { Job } from '@/lib/api/queries';
import { applyOrder, sortedIds } from './sort';
import type { JobSort } from './search-params';

/** Sorted jobs. The order is computed once: later changes of figures move no row. */
export function useSortedJobs(jobs: readonly Job[], sort: JobSort, list: string): readonly Job[] {
  const sortKey = `${list}:${sort}:${jobs.length}`;
  const [found, setFound] = useState(() => ({ wanted: sortKey, order: sortedIds(jobs, sort) }));
  let { order } = found;
  if (found.wanted !== sortKey) {
    order = sortedIds(jobs, sort);
    setFound({ wanted: sortKey, order });
  }
  return sort === 'new' ? jobs : applyOrder(jobs, order);
}
