'use client';

import { Pause, Wrench } from 'lucide-react';
import { Link } from '@/components/ui/link';
import type { Maintenance } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { useSession } from '@/lib/session';
import { formatNumber, formatSoon } from '@/lib/time';
import { closedTimes, marksOf, type FireJob, type Span } from './model';
import { calendarTranslations } from './translations';

const SPOKEN = 12;

/** The fires of one job on a line; a job that fires too often is a band. */
export function FireRow({ job, span, windows }: { job: FireJob; span: Span; windows: readonly Maintenance[] }) {
  const t = useTranslations(calendarTranslations);
  const lang = useLang();
  const now = useNow();
  const { timezone } = useSession();
  const soon = (at: string) => formatSoon(at, now, timezone, lang);
  const count = formatNumber(job.count, lang);
  const next = job.next_at === null ? '' : soon(job.next_at);
  const summary = job.count === 1 ? t.once(next) : t.times(count, next);
  const closed = closedTimes(windows, job, span);
  const spoken = job.fires.length > 0 ? `${summary}, ${t.at(job.fires.slice(0, SPOKEN).map(soon).join(', '))}` : summary;
  return (
    <li className="grid gap-x-4 gap-y-1 border-b px-3.5 py-2 last:border-b-0 lg:grid-cols-[280px_1fr] lg:items-center">
      <div className="flex min-w-0 flex-col">
        <Link href={`/jobs/${job.job_id}`} className="truncate text-sm font-medium hover:underline" title={job.job_id}>
          {job.job_id}
        </Link>
        <span className="truncate text-xs text-text-3" suppressHydrationWarning>
          {summary}
        </span>
        {closed.length > 0 && (
          <span className="tone-await inline-flex items-center gap-1 text-xs text-tone-text">
            <Wrench aria-hidden className="size-3 shrink-0" />
            {t.maintenance}
          </span>
        )}
        {job.paused && (
          <span className="tone-await inline-flex items-center gap-1 text-xs text-tone-text">
            <Pause aria-hidden className="size-3 shrink-0" />
            {job.paused_until === null ? t.paused : t.pausedUntil(soon(job.paused_until))}
          </span>
        )}
      </div>
      <div role="img" aria-label={`${job.job_id}: ${spoken}`} className={`relative h-5 rounded-badge bg-raised ${job.paused ? 'opacity-50' : ''}`} suppressHydrationWarning>
        {closed.map((each) => (
          <span key={each.left} title={t.maintenance} className="tone-await absolute inset-y-0 bg-tone-bg" style={{ left: `${each.left}%`, width: `${each.width}%` }} />
        ))}
        {job.fires.length === 0 ? (
          <span className="absolute inset-y-1.5 right-0 left-0 rounded-[2px] bg-text-3 opacity-45" />
        ) : (
          marksOf(job.fires, span).map((mark) => (
            <span key={mark.at} className="absolute inset-y-0.5 w-1 -translate-x-1/2 rounded-[2px] bg-ink" style={{ left: `${mark.at}%` }} />
          ))
        )}
      </div>
    </li>
  );
}
