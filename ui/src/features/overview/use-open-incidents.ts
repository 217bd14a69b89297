'use client';

import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { queries, type Incident } from '@/lib/api/queries';
import { bySeverity } from '@/components/incidents/incidents';
import { SHOWN_INCIDENTS } from './queries';

/** Rows that are read one by one after they left the list. */
const MAX_SINGLE_READS = 20;

export type ShownList = { read: readonly Incident[] | undefined; rows: readonly Incident[] };
const EMPTY: ShownList = { read: undefined, rows: [] };

/**
 * The rows after another read. Known rows keep their places, also those that are closed now; new ones come last, so
 * that no button moves under the pointer.
 */
export function mergeIncidents(before: ShownList, read: readonly Incident[]): ShownList {
  const newest = new Map(read.map((each) => [each.id, each]));
  const known = before.rows.map((row) => newest.get(row.id) ?? row);
  const ids = new Set(before.rows.map((row) => row.id));
  const added = read.filter((each) => !ids.has(each.id));
  return { read, rows: [...known, ...added.toSorted(bySeverity)] };
}

/** The open incidents, and those that closed while the page was open. */
export function useOpenIncidents() {
  const list = useInfiniteQuery(queries.incidents({ state: 'open' }, SHOWN_INCIDENTS));
  const first = list.data?.pages[0];
  const [shown, setShown] = useState(EMPTY);
  if (first !== undefined && first.items !== shown.read) setShown(mergeIncidents(shown, first.items));
  const open = useMemo(() => new Set(first?.items.map((each) => each.id)), [first]);
  const left = useQueries({
    queries: shown.rows
      .filter((row) => !open.has(row.id))
      .slice(-MAX_SINGLE_READS)
      .map((row) => queries.incident(row.id)),
    combine: (found) => new Map(found.flatMap(({ data }) => (data ? [[data.id, data] as const] : []))),
  });
  const rows = shown.rows.map((row) => left.get(row.id) ?? row);
  return { list, total: first?.total ?? null, rows, openCount: rows.filter((row) => row.closed_at === null).length };
}
