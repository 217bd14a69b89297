'use client';

import { useQueries, type InfiniteData } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Page } from '@/lib/api/client';
import { queries, type Incident } from '@/lib/api/queries';
import { useStableList } from '@/components/table/stable-list';

/** Rows that are read one by one after they left the list. */
const MAX_SINGLE_READS = 20;
const idOf = (incident: Incident) => incident.id;

/** Incidents whose rows keep their places: a closed one stays until the page is left, new ones wait behind a pill. */
export function useIncidentRows(data: InfiniteData<Page<Incident>> | undefined) {
  const read = useMemo(() => data?.pages.flatMap((page) => page.items), [data]);
  const { rows, newCount, missing, showNew } = useStableList(read, idOf);
  const left = useQueries({
    queries: missing.slice(0, MAX_SINGLE_READS).map((id) => queries.incident(id)),
    combine: (found) => new Map(found.flatMap(({ data: each }) => (each ? [[each.id, each] as const] : []))),
  });
  return { rows: rows.map((row) => left.get(row.id) ?? row), newCount, showNew };
}
