'use client';

import { useQuery } from '@tanstack/react-query';
import { Circle } from 'lucide-react';
import { StateIcon } from '@/components/state-badge';
import { RelativeTime } from '@/components/time';
import { useLang, useWords } from '@/lib/i18n';
import { nextRunOf, shortSchedule } from '@/lib/jobs';
import { useNow } from '@/lib/now';
import { queries, type Job } from '@/lib/queries';
import { useSession } from '@/lib/session';
import { RUN_STATES, TONE_CLASS } from '@/lib/states';
import { formatDuration, formatSoon } from '@/lib/time';
import { cn } from '@/lib/cn';
import { jobTableWords } from './words';

const FAR_MS = 3_600_000;

/** How a job's newest run is doing; `word` writes it beside the icon. */
export function LastRunState({ job, word }: { job: Pick<Job, 'last_run'>; word?: boolean }) {
  const t = useWords(jobTableWords);
  const lang = useLang();
  const state = job.last_run?.status;
  const label = state ? RUN_STATES[state].label[lang] : t.neverRan;
  const icon = state ? (
    <StateIcon state={state} />
  ) : (
    <span role="img" aria-label={label} title={label} className={cn('shrink-0', TONE_CLASS.neutral)}>
      <Circle aria-hidden className="size-3.5 text-tone opacity-60" strokeWidth={2} />
    </span>
  );
  if (!word) return icon;
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      {icon}
      <span aria-hidden className={cn('truncate', !state && 'text-text-3')}>
        {label}
      </span>
    </span>
  );
}

/** A job's schedule in words, whole on hover; nothing where only people start it. */
export function ScheduleWords({ job }: { job: Pick<Job, 'schedule_words'> }) {
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

/** When a job runs next, or why it does not; `clock` puts the time of day before a far one. */
export function NextRunCell({ job, clock }: { job: Job; clock?: boolean }) {
  const t = useWords(jobTableWords);
  const lang = useLang();
  const now = useNow();
  const session = useSession();
  const queue = useQuery(queries.queue());
  const next = nextRunOf(job, queue.data?.paused ?? [], now);
  const zone = job.schedule?.timezone ?? session.timezone;
  switch (next.kind) {
    case 'at': {
      const distance = Date.parse(next.at) - now;
      if (distance <= 0) return <span suppressHydrationWarning>{t.due}</span>;
      return (
        <>
          {clock && distance > FAR_MS && <span className="text-text-2">{formatSoon(next.at, now, zone, lang)} · </span>}
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
