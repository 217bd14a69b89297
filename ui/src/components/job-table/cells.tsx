'use client';

import { useQuery } from '@tanstack/react-query';
import { Circle } from 'lucide-react';
import { StateIcon } from '@/components/state-badge';
import { RelativeTime } from '@/components/time';
import { useLang, useTranslations } from '@/lib/i18n';
import { nextRunOf, shortSchedule } from '@/lib/jobs';
import { useNow } from '@/lib/now';
import { queries, type Job } from '@/lib/api/queries';
import { useSession } from '@/lib/session';
import { TONE_CLASS } from '@/lib/run-states';
import { formatDuration, formatSoon } from '@/lib/time';
import { cn } from '@/lib/cn';
import { jobTableTranslations } from './translations';

const DATE_FROM_MS = 3_600_000;

/** The icon of a job's newest run, with its state as accessible name and tooltip. */
export function LastRunState({ job }: { job: Pick<Job, 'last_run'> }) {
  const t = useTranslations(jobTableTranslations);
  if (job.last_run) return <StateIcon state={job.last_run.status} />;
  return (
    <span role="img" aria-label={t.neverRan} title={t.neverRan} className={cn('shrink-0', TONE_CLASS.neutral)}>
      <Circle aria-hidden className="size-3.5 text-tone opacity-60" strokeWidth={2} />
    </span>
  );
}

/** A job's schedule as text, complete on hover; empty if the job is only started by hand. */
export function ScheduleText({ job }: { job: Pick<Job, 'schedule_words'> }) {
  const lang = useLang();
  const { timezone } = useSession();
  if (job.schedule_words === null) return <span className="text-text-3">–</span>;
  const words = job.schedule_words[lang];
  return (
    <span title={words} className="text-text-2">
      {shortSchedule(words, timezone)}
    </span>
  );
}

/** The next run of a job, or why there is none; `clock` adds the time of day if it is not soon. */
export function NextRunCell({ job, clock }: { job: Job; clock?: boolean }) {
  const t = useTranslations(jobTableTranslations);
  const lang = useLang();
  const now = useNow();
  const session = useSession();
  const queue = useQuery(queries.queue());
  const next = nextRunOf(job, queue.data?.paused ?? [], now);
  const zone = job.schedule?.timezone ?? session.timezone;
  // The job may be paused: without that answer no time is shown.
  if (next.kind === 'at' && queue.data === undefined) return <span className="text-text-3">–</span>;
  switch (next.kind) {
    case 'at': {
      const distance = Date.parse(next.at) - now;
      if (distance <= 0) return <span suppressHydrationWarning>{t.due}</span>;
      return (
        <>
          {clock && distance > DATE_FROM_MS && <span className="hidden text-text-2 xl:inline">{formatSoon(next.at, now, zone, lang)} · </span>}
          <RelativeTime at={next.at} zone={zone} className="text-text-2" />
        </>
      );
    }
    case 'cooling': {
      const left = Math.max(0, Math.floor((Date.parse(next.until) - now) / 1_000) * 1_000);
      return (
        <span suppressHydrationWarning className={cn('text-tone-text', TONE_CLASS.retry)}>
          {t.cooling(formatDuration(left, lang))}
        </span>
      );
    }
    case 'paused':
      return (
        <span title={t.pausedBy(next.scope.actor, next.scope.reason)} className={cn('text-tone-text', TONE_CLASS.retry)}>
          {t.paused}
        </span>
      );
    case 'none':
      return <span className={cn('text-tone-text', TONE_CLASS.retry)}>{t.none}</span>;
    default:
      return <span className="text-text-3">{{ off: t.off, by_hand: t.byHand, over: t.over }[next.kind]}</span>;
  }
}
