'use client';

import { useCallback, useEffect, useState } from 'react';
import type { SearchStep } from '@/lib/api/client';

/** Records that a search examines before it asks the user whether to continue. */
export const AUTO_RECORDS = 200_000;
const ROWS_PER_SCREEN = 50;

/** How far a search has come with all of its pages; null for a list that one index has. */
export function progressOf(pages: readonly { step?: SearchStep }[]): SearchStep | null {
  const last = pages.at(-1)?.step;
  if (last === undefined) return null;
  const before = pages.slice(0, -1).reduce((sum, page) => sum + (page.step?.searched ?? 0), 0);
  return { searched: before + last.searched, total: before + last.total };
}

type Options = {
  /** The list that is searched; another list starts again. */
  name: string;
  /** The rows of a full screen. */
  screen?: number;
  rows: number;
  progress: SearchStep | null;
  hasMore: boolean;
  isFetching: boolean;
  isFailed: boolean;
  fetchNext: () => void;
};

/**
 * Reads pages until a screen is full: a page of a search may be short or empty. A search is held after
 * `AUTO_RECORDS` records, by `stop` and by an error; `goOn` continues it.
 */
export function useSearchSteps({ name, screen = ROWS_PER_SCREEN, rows, progress, hasMore, isFetching, isFailed, fetchNext }: Options) {
  const [stored, setPlan] = useState({ name, rows: screen, until: AUTO_RECORDS });
  const plan = stored.name === name ? stored : { name, rows: screen, until: AUTO_RECORDS };
  const searched = progress?.searched ?? 0;
  const isHeldBack = hasMore && (isFailed || (progress !== null && searched >= plan.until));
  const isWanted = hasMore && !isHeldBack && rows < plan.rows;
  useEffect(() => {
    if (isWanted && !isFetching) fetchNext();
  }, [isWanted, isFetching, fetchNext]);

  const { until, rows: wanted } = plan;
  const isList = progress === null;
  const onEnd = useCallback(() => {
    // A list shows no progress to continue from: its reader asks again by scrolling.
    if (isList && isFailed) fetchNext();
    setPlan((before) => (before.name === name && wanted >= rows + screen ? before : { name, rows: rows + screen, until }));
  }, [fetchNext, isFailed, isList, name, rows, screen, until, wanted]);
  const stop = useCallback(() => setPlan({ name, rows: wanted, until: searched }), [name, searched, wanted]);
  const resume = useCallback(() => {
    setPlan({ name, rows: Math.max(wanted, rows + screen), until: searched + AUTO_RECORDS });
    if (isFailed) fetchNext();
  }, [fetchNext, isFailed, name, rows, screen, searched, wanted]);
  return { onEnd, stop, resume: resume, isHeld: isHeldBack, isSearching: hasMore && (isWanted || isFetching) };
}
