'use client';

import { useInfiniteQuery, useQueryClient, type InfiniteData, type QueryKey } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { api, toApiError, unwrap, type Page } from '@/lib/api/client';
import { applyRun } from '@/lib/live/merge';
import { useLiveEvents } from '@/lib/live/provider';
import { runRow, type EventBody, type RunRow, type queries } from '@/lib/api/queries';
import { RUN_STATES } from '@/lib/run-states';
import { progressOf, useSearchSteps } from './use-search-steps';

type RunQuery = ReturnType<typeof queries.runs>;
type Pages = InfiniteData<Page<RunRow>>;

/** The maximum count of new runs; more are shown as "200+". */
export const MAX_NEW = 1_000;
const MAX_READS = 50;
const READS_AT_ONCE = 4;
const NONE: ReadonlySet<string> = new Set();
/** Runs that retention has removed: their rows stay, and they are not read again. */
const expiredRuns = new Set<string>();
const MAX_EXPIRED = 1_000;

type Options = {
  list: RunQuery;
  /** The rows of a full screen; pages are read until there are so many. */
  screen?: number;
  /** Whether the run of an event belongs to the list; undefined if the event does not contain enough data. */
  fits: (event: EventBody) => boolean | undefined;
};

/**
 * A list of runs that never moves: events patch its rows, and new runs are counted until `showNew`. After the stream
 * broke only the first page is read again.
 */
export function useRunList({ list, screen, fits }: Options) {
  const client = useQueryClient();
  const query = useInfiniteQuery({ ...list, staleTime: Infinity });
  const first = query.data?.pages[0];
  const head = useInfiniteQuery({
    ...list,
    queryKey: ['run-head', ...list.queryKey],
    enabled: first !== undefined,
    initialData: (): InfiniteData<Page<RunRow>, string | null> | undefined => first && { pages: [first], pageParams: [null] },
    initialDataUpdatedAt: query.dataUpdatedAt,
  });
  const name = JSON.stringify(list.queryKey);
  const [shown, setShown] = useState({ name, ids: NONE });
  const [isShowing, setShowing] = useState(false);
  const runs = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);

  useLiveEvents((event) => {
    if (event.run_id === null || event.status === null || first === undefined) return;
    const id = event.run_id;
    const isMatch = fits(event);
    setShown((before) => {
      const ids = before.name === name ? before.ids : NONE;
      if (isMatch === undefined || ids.has(id) === isMatch || (isMatch && ids.size >= MAX_NEW)) return before;
      const next = new Set(ids);
      if (isMatch) next.add(id);
      else next.delete(id);
      return { name, ids: next };
    });
  });

  const ids = shown.name === name ? shown.ids : NONE;
  const newCount = useMemo(() => countNew(head.data, runs, ids), [head.data, runs, ids]);
  usePatchedByHead(head.data, head.dataUpdatedAt, list.queryKey);

  const { fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError, refetch } = query;
  const refetchHead = head.refetch;
  const fetchNext = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const progress = useMemo(() => progressOf(query.data?.pages ?? []), [query.data]);
  const steps = useSearchSteps({
    name,
    screen,
    rows: runs.length,
    progress,
    hasMore: hasNextPage,
    isFetching: isFetchingNextPage,
    isFailed: isFetchNextPageError,
    fetchNext,
  });
  const showNew = useCallback(async () => {
    setShowing(true);
    const { data } = await refetchHead();
    const page = data?.pages[0];
    if (page) {
      client.setQueryData<Pages>(list.queryKey, { pages: [page], pageParams: [null] });
      setShown({ name, ids: NONE });
      window.scrollTo({ top: 0 });
    }
    setShowing(false);
  }, [client, list.queryKey, name, refetchHead]);

  return {
    runs,
    /** The total, if an index knows it. */
    total: first?.total ?? null,
    newCount,
    showNew: () => void showNew(),
    isShowing,
    isPending: query.isPending,
    error: query.error,
    retry: () => void refetch(),
    onEnd: steps.onEnd,
    /** How far a search has come; null for a list that one index has. */
    search: progress && { ...progress, ...steps, found: runs.length, error: isFetchNextPageError ? query.error : null },
    hasMore: hasNextPage,
    isLoadingMore: isFetchingNextPage,
  };
}

function countNew(head: Pages | undefined, runs: readonly RunRow[], ids: ReadonlySet<string>): number {
  const unseen = new Set(ids);
  for (const run of head?.pages[0]?.items ?? []) unseen.add(run.run_id);
  for (const run of runs) unseen.delete(run.run_id);
  return unseen.size;
}

/** Patches shown rows from a new first page; active rows below it are read one by one. */
function usePatchedByHead(head: Pages | undefined, readAt: number, listKey: QueryKey) {
  const client = useQueryClient();
  useEffect(() => {
    const list = client.getQueryState<Pages>(listKey);
    // The first page that the list started with is not news.
    if (head === undefined || list?.data === undefined || readAt <= list.dataUpdatedAt) return;
    const rows = head.pages[0]?.items ?? [];
    rows.forEach((run) => applyRun(client, run));
    const known = new Set(rows.map((run) => run.run_id));
    const stale = list.data.pages
      .flatMap((page) => page.items)
      .filter((run) => RUN_STATES[run.status].isActive && !known.has(run.run_id) && !expiredRuns.has(run.run_id))
      .slice(0, MAX_READS)
      .map((run) => run.run_id);
    const readOn = async () => {
      for (let id = stale.shift(); id !== undefined; id = stale.shift()) {
        const read = unwrap(api.GET('/runs/{run_id}', { params: { path: { run_id: id } } }));
        try {
          applyRun(client, runRow(await read));
        } catch (error) {
          const { status } = toApiError(error);
          if (status !== 404 && status !== 410) continue;
          if (expiredRuns.size >= MAX_EXPIRED) expiredRuns.clear();
          expiredRuns.add(id);
        }
      }
    };
    void Promise.all(Array.from({ length: READS_AT_ONCE }, readOn));
    // Patches change the head as well; only a read of it counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [client, readAt]);
}
