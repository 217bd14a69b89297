'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { CalendarX, CirclePause, FileCog, Gauge, type LucideIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { StateIcon } from '@/components/state-badge';
import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { api, unwrapPage } from '@/lib/api';
import { defineWords, useLang, useWords, type Lang } from '@/lib/i18n';
import { useLiveEvents } from '@/lib/live/provider';
import type { EventBody, RunStatus } from '@/lib/queries';
import { shortRunId } from '@/lib/runs';
import { useSession } from '@/lib/session';
import { RUN_STATES } from '@/lib/states';
import { formatDuration, formatNumber } from '@/lib/time';
import { AbsoluteTime } from './time';

const words = defineWords(
  {
    none: 'No event is kept of it. Some 100,000 events of the whole deployment are.',
    older: 'Older events',
    newer: (n: string, one: boolean) => (one ? '1 new event' : `${n} new events`),
    due: (when: string) => `next try in ${when}`,
    took: (length: string) => `after ${length}`,
    at: (percent: string) => `${percent}%`,
  },
  {
    none: 'Tidak ada peristiwa yang tersimpan. Yang disimpan sekitar 100.000 peristiwa dari seluruh instalasi.',
    older: 'Peristiwa lebih lama',
    newer: (n: string) => `${n} peristiwa baru`,
    due: (when: string) => `dicoba lagi dalam ${when}`,
    took: (length: string) => `setelah ${length}`,
    at: (percent: string) => `${percent}%`,
  },
);

const TYPES: Record<string, Record<Lang, string>> = {
  'run.progress': { en: 'Progress', id: 'Kemajuan' },
  'job.created': { en: 'Job created', id: 'Job dibuat' },
  'job.updated': { en: 'Job changed', id: 'Job diubah' },
  'job.deleted': { en: 'Job deleted', id: 'Job dihapus' },
  'job.enabled': { en: 'Job enabled', id: 'Job diaktifkan' },
  'job.disabled': { en: 'Job disabled', id: 'Job dinonaktifkan' },
  'schedule.missed': { en: 'Slots missed', id: 'Slot terlewat' },
  'schedule.skipped': { en: 'Slots skipped', id: 'Slot dilewati' },
  'queue.paused': { en: 'Paused', id: 'Dijeda' },
  'queue.resumed': { en: 'Resumed', id: 'Dilanjutkan' },
  'dead_letter.dropped': { en: 'Dead letter dropped', id: 'Dikeluarkan dari daftar keputusan' },
  alarm: { en: 'Alarm', id: 'Alarm' },
};
const ICONS: Record<string, LucideIcon> = { run: Gauge, job: FileCog, schedule: CalendarX, queue: CirclePause };
const PAGE_SIZE = 100;
/** The platform looks at so many events a time and keeps 20 times as many: an older run takes more looks. */
const MOST_LOOKS = 20;

/** What happened to a run or to a job: the newest last for a run, first for a job. */
export function eventsQuery(of: { run: string } | { job: string }) {
  const topics = 'run' in of ? `run:${of.run}` : `job:${of.job}`;
  return {
    queryKey: 'run' in of ? ['run-events', of.run] : ['job-events', of.job],
    queryFn: ({ pageParam }: { pageParam: string | null }) =>
      unwrapPage<EventBody>(
        api.GET('/events', { params: { query: { topics, limit: PAGE_SIZE, ...(pageParam ? { before: pageParam } : {}) } } }),
        'before',
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last: { next: string | null }) => last.next,
  };
}

/** The events of a run grow by themselves; those of a job say that there are newer ones. */
export function EventList({ of, label }: { of: { run: string } | { job: string }; label: string }) {
  const t = useWords(words);
  const lang = useLang();
  const query = useInfiniteQuery(eventsQuery(of));
  const [unseen, setUnseen] = useState(0);
  useLiveEvents((event) => {
    if ('job' in of && event.job_id === of.job) setUnseen((count) => count + 1);
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage, data } = query;
  const isWhole = data?.pages.some((page) => page.items.some((event) => event.rev === 1));
  const goesOn = 'run' in of && hasNextPage && !isFetchingNextPage && !isWhole && (data?.pages.length ?? 0) < MOST_LOOKS;
  useEffect(() => {
    if (goesOn) void fetchNextPage();
  }, [goesOn, fetchNextPage]);
  if (query.isPending) return <SkeletonRows rows={4} />;
  if (query.error && !query.data) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  const newestFirst = 'job' in of;
  // Pages go back in time, and each is told from its oldest event on.
  const oldestFirst = query.data?.pages.toReversed().flatMap((page) => page.items) ?? [];
  const events = newestFirst ? oldestFirst.toReversed() : oldestFirst;
  const older = query.hasNextPage && (
    <div className="border-b px-3.5 py-1.5 text-center last:border-b-0">
      <Button size="small" variant="ghost" pending={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {t.older}
      </Button>
    </div>
  );
  const showNewer = () => {
    setUnseen(0);
    void query.refetch();
  };
  return (
    <div>
      {unseen > 0 && (
        <div className="border-b px-3.5 py-1.5 text-center">
          <Button size="small" onClick={showNewer} pending={query.isRefetching}>
            {t.newer(formatNumber(unseen, lang), unseen === 1)}
          </Button>
        </div>
      )}
      {!newestFirst && older}
      {events.length === 0 && !query.hasNextPage && <p className="px-3.5 py-8 text-center text-sm text-text-3">{t.none}</p>}
      <ol aria-label={label}>
        {events.map((event) => (
          <EventRow key={event.id} event={event} isOfJob={newestFirst} />
        ))}
      </ol>
      {newestFirst && older}
    </div>
  );
}

function EventRow({ event, isOfJob }: { event: EventBody; isOfJob: boolean }) {
  const t = useWords(words);
  const lang = useLang();
  const { timezone } = useSession();
  const status = event.status as RunStatus | null;
  const Icon = ICONS[event.type.split('.', 1)[0] ?? ''] ?? Gauge;
  const known = TYPES[event.type]?.[lang];
  const note = noteOf(event, t, lang);
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-3 gap-y-0.5 border-b px-3.5 py-1.5 last:border-b-0">
      {status !== null && RUN_STATES[status] ? (
        <StateIcon state={status} />
      ) : (
        <Icon aria-hidden className="size-3.5 shrink-0 text-text-3" />
      )}
      <span className="font-medium">{status !== null ? RUN_STATES[status].label[lang] : (known ?? event.type)}</span>
      {note && <span className="min-w-0 truncate text-text-2">{note}</span>}
      {isOfJob && event.run_id !== null && (
        <Link href={`/runs/${encodeURIComponent(event.run_id)}`} className="font-mono text-xs text-text-2 underline-offset-2 hover:underline">
          {shortRunId({ run_id: event.run_id, slot_at: slotOf(event.run_id) }, timezone)}
        </Link>
      )}
      <AbsoluteTime at={event.at} className="ml-auto text-xs text-text-3" />
    </li>
  );
}

/** The slot that is in the id of a scheduled run. */
function slotOf(runId: string): string | null {
  const slot = Number(runId.split('@')[1]);
  return slot > 0 ? new Date(slot).toISOString() : null;
}

function noteOf(event: EventBody, t: (typeof words)['en'], lang: Lang): string {
  const { due, duration_ms: took, percent, ...rest } = event.data as Record<string, unknown>;
  const parts = [
    typeof due === 'number' ? t.due(formatDuration(Math.max(0, due - new Date(event.at).getTime()), lang)) : '',
    typeof took === 'number' ? t.took(formatDuration(took, lang)) : '',
    typeof percent === 'number' ? t.at(formatNumber(percent, lang)) : '',
    ...Object.entries(rest).map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`),
  ];
  return parts.filter(Boolean).join(' · ');
}
