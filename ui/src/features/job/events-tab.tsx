'use client';

import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { ScrollText } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { EventRow } from '@/components/events/event-row';
import { MAX_PREPENDED, foldProgress, prependEvent } from '@/components/events/event-list';
import { useStableRows } from '@/components/job-table/use-stable-rows';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { NewItemsPill } from '@/components/ui/new-items-pill';
import { ErrorState, EmptyState, SkeletonRows } from '@/components/ui/states';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { useLiveEvents } from '@/lib/live/provider';
import type { EventBody } from '@/lib/api/queries';
import { formatNumber } from '@/lib/time';
import { jobQueries } from './queries';

const translations = defineTranslations(
  {
    title: 'Events',
    hint: 'newest first',
    older: 'Load older events',
    fresh: (n: string, one: boolean) => (one ? '1 new event' : `${n} new events`),
    showNew: 'Show them',
    none: 'No events kept',
    noneText: 'Events of this job and its runs appear here at once.',
    end: 'No older events are kept.',
  },
  {
    title: 'Peristiwa',
    hint: 'terbaru di atas',
    older: 'Muat yang lebih lama',
    fresh: (n: string) => `${n} peristiwa baru`,
    showNew: 'Tampilkan',
    none: 'Tidak ada peristiwa tersimpan',
    noneText: 'Yang terjadi pada job ini dan run-nya langsung muncul di sini.',
    end: 'Tidak ada peristiwa yang lebih lama.',
  },
);

const ROWS_PER_SCREEN = 25;
const MAX_PAGES = 10;

const keyOf = (event: EventBody) => event.id;

/** Events of the job and its runs, newest first; new events wait behind a pill. */
export function EventsTab({ jobId }: { jobId: string }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const client = useQueryClient();
  const query = jobQueries.events(jobId);
  const events = useInfiniteQuery(query);
  useLiveEvents((event) => {
    if (event.job_id !== jobId) return;
    client.setQueryData(query.queryKey, (data) => {
      const [first, ...rest] = data?.pages ?? [];
      if (!data || !first) return data;
      const items = prependEvent(first.items, event);
      return items === first.items ? data : { ...data, pages: [{ ...first, items }, ...rest] };
    });
  });
  const all = useMemo(() => events.data?.pages.flatMap((page) => page.items) ?? [], [events.data]);
  const [list, setList] = useState(0);
  const { rows: known, newCount, showNew } = useStableRows(all, keyOf, `${jobId} ${list}`);
  // Too many live events: refetch the newest page.
  const isFull = (events.data?.pages[0]?.items.length ?? 0) >= MAX_PREPENDED;
  const show = async () => {
    if (!isFull) return showNew();
    await client.resetQueries({ queryKey: query.queryKey, exact: true });
    setList((count) => count + 1);
    window.scrollTo({ top: 0 });
  };
  const rows = useMemo(() => foldProgress(known), [known]);
  // Many progress events are shown as one row: read on until the screen is full.
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = events;
  const shouldReadMore = rows.length < ROWS_PER_SCREEN && hasNextPage && !isFetchingNextPage && (events.data?.pages.length ?? 0) < MAX_PAGES;
  useEffect(() => {
    if (shouldReadMore) void fetchNextPage();
  }, [shouldReadMore, fetchNextPage]);
  return (
    <div>
      <NewItemsPill
        count={newCount}
        label={t.fresh(`${formatNumber(newCount, lang)}${isFull ? '+' : ''}`, newCount === 1)}
        hint={t.showNew}
        onShow={() => void show()}
      />
      <Card title={t.title} aside={t.hint}>
        {events.isPending && <SkeletonRows />}
        {events.error && all.length === 0 && <ErrorState error={events.error} onRetry={() => void events.refetch()} />}
        {events.data && rows.length === 0 && (
          <EmptyState icon={ScrollText} title={t.none}>
            <p>{t.noneText}</p>
          </EmptyState>
        )}
        <ul>
          {rows.map((event) => (
            <EventRow key={event.id} event={event} run />
          ))}
        </ul>
        {rows.length > 0 && (
          <div className="flex justify-center border-t px-3.5 py-2.5 text-xs text-text-3">
            {hasNextPage ? (
              <Button size="small" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                {t.older}
              </Button>
            ) : (
              t.end
            )}
          </div>
        )}
      </Card>
    </div>
  );
}
