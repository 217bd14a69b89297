'use client';

import { useState } from 'react';
import type { Job } from '@/lib/queries';
import { inOrder, orderOf } from './order';
import type { JobSort } from './search';

/** Jobs in the order that was asked for, found once: figures that change afterwards move no row. */
export function useSorted(jobs: readonly Job[], sort: JobSort, list: string): readonly Job[] {
  const wanted = `${list}:${sort}:${jobs.length}`;
  const [found, setFound] = useState(() => ({ wanted, order: orderOf(jobs, sort) }));
  let { order } = found;
  if (found.wanted !== wanted) {
    order = orderOf(jobs, sort);
    setFound({ wanted, order });
  }
  return sort === 'new' ? jobs : inOrder(jobs, order);
}
