'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { EventRow } from '@/components/events/event-row';
import { foldProgress } from '@/components/events/event-list';
import { Button } from '@/components/ui/button';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { api, unwrapPage } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import type { EventBody } from '@/lib/api/queries';

const translations = defineTranslations(
  {
    none: 'Its events have been removed. The platform keeps at least the newest 100,000 events.',
    older: 'Older events',
  },
  {
    none: 'Peristiwanya sudah dihapus. Platform menyimpan sedikitnya 100.000 peristiwa terbaru.',
    older: 'Peristiwa lebih lama',
  },
);

const PAGE_SIZE = 100;
/** The API keeps 2,000 events of all runs: an older run needs more pages. */
const MAX_PAGES = 20;

function eventsQuery(runId: string) {
  return {
    queryKey: ['run-events', runId],
    queryFn: ({ pageParam }: { pageParam: string | null }) => {
      const query = { topics: `run:${runId}`, limit: PAGE_SIZE, ...(pageParam ? { before: pageParam } : {}) };
      return unwrapPage<EventBody>(api.GET('/events', { params: { query } }), 'before');
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last: { next: string | null }) => last.next,
  };
}

/** The events of a run, newest last; new events are appended. */
export function EventList({ runId, label }: { runId: string; label: string }) {
  const t = useTranslations(translations);
  const query = useInfiniteQuery(eventsQuery(runId));
  const { hasNextPage, isFetchingNextPage, fetchNextPage, data } = query;
  const isWhole = data?.pages.some((page) => page.items.some((event) => event.rev === 1));
  const shouldReadMore = hasNextPage && !isFetchingNextPage && !isWhole && (data?.pages.length ?? 0) < MAX_PAGES;
  useEffect(() => {
    if (shouldReadMore) void fetchNextPage();
  }, [shouldReadMore, fetchNextPage]);
  // Pages go back in time; within a page the oldest event comes first.
  const events = useMemo(
    () => foldProgress(data?.pages.flatMap((page) => page.items.toReversed()) ?? []).toReversed(),
    [data],
  );
  if (query.isPending) return <SkeletonRows rows={4} />;
  if (query.error && !data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div>
      {hasNextPage && !isWhole && (
        <div className="border-b px-3.5 py-1.5 text-center">
          <Button size="small" variant="ghost" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t.older}
          </Button>
        </div>
      )}
      {events.length === 0 && !hasNextPage && <p className="px-3.5 py-8 text-center text-sm text-text-3">{t.none}</p>}
      <ol aria-label={label}>
        {events.map((event) => (
          <EventRow key={event.id} event={event} />
        ))}
      </ol>
    </div>
  );
}
