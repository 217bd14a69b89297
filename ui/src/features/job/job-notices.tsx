'use client';

import { useQuery } from '@tanstack/react-query';
import { CirclePause, Clock3, Power, Snowflake, type LucideIcon } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState, type ReactNode } from 'react';
import { AbsoluteTime, RelativeTime } from '@/components/time';
import { Button, ButtonLink } from '@/components/ui/button';
import { useResume } from '@/lib/api/use-resume';
import type { Schemas } from '@/lib/api/client';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { queries, type Job } from '@/lib/api/queries';
import { Can, useSession } from '@/lib/session';
import { TONE_CLASS, type Tone } from '@/lib/run-states';
import { formatNumber, formatRough, formatSoon } from '@/lib/time';
import { noticeTranslations } from './notice-translations';
import { pausesOf } from './policy-text';
import { useEnableJob } from '@/lib/api/use-enable-job';

const ResumeDialog = dynamic(() => import('./actions/resume-dialog').then((module) => module.ResumeDialog), { ssr: false });

// A running scheduler creates a run within a tick.
const LATE_MS = 15_000;

/** Conditions that keep the job from firing, each with its remedy; empty if there are none. */
export function JobNotices({ job }: { job: Job }) {
  const t = useTranslations(noticeTranslations);
  const lang = useLang();
  const now = useNow();
  const { timezone } = useSession();
  const { data: queue } = useQuery(queries.queue());
  const { mutate: setEnabled, isPending } = useEnableJob(job.job_id);
  const pauses = pausesOf(job, queue?.paused ?? []);
  const isCooling = job.cooling_down_until !== null && Date.parse(job.cooling_down_until) > now;
  const lateMs = job.next_run_at === null ? 0 : now - Date.parse(job.next_run_at);
  // The pause of everything is shown on every page.
  const ownPauses = pauses.filter(({ scope }) => scope !== 'all');
  const isLate = job.enabled && pauses.length === 0 && !isCooling && lateMs > LATE_MS;
  return (
    <>
      {!job.enabled && (
        <Notice
          icon={Power}
          tone="neutral"
          title={t.off}
          action={
            <Can role="operator">
              <Button size="small" pending={isPending} onClick={() => setEnabled(true)}>
                {t.on}
              </Button>
            </Can>
          }
        >
          {t.offText}
        </Notice>
      )}
      {ownPauses.map((pause) => (
        <PauseNotice key={`${pause.scope}:${pause.name}`} pause={pause} />
      ))}
      {isCooling && job.cooling_down_until !== null && (
        <Notice icon={Snowflake} tone="retry" title={t.cooling}>
          {t.coolingText(
            formatRough(Date.parse(job.cooling_down_until) - now, lang),
            formatSoon(job.cooling_down_until, now, job.schedule?.timezone ?? timezone, lang),
          )}{' '}
          {t.coolingMend}
        </Notice>
      )}
      {isLate && (
        <Notice
          icon={Clock3}
          tone="retry"
          title={t.late}
          action={
            <ButtonLink size="small" scroll={false} href={`/jobs/${encodeURIComponent(job.job_id)}?tab=schedule`}>
              {t.why}
            </ButtonLink>
          }
        >
          {t.lateText(formatRough(lateMs, lang))}
        </Notice>
      )}
    </>
  );
}

function PauseNotice({ pause }: { pause: Schemas['PausedScope'] }) {
  const t = useTranslations(noticeTranslations);
  const lang = useLang();
  const [isAsking, setAsking] = useState(false);
  const title = { all: '', queue: t.queuePaused, type: t.typePaused, job: t.jobPaused }[pause.scope];
  const resume = useResume(pause, () => setAsking(false));
  return (
    <Notice
      icon={CirclePause}
      tone="retry"
      title={title}
      action={
        <Can role="operator">
          <Button
            size="small"
            pending={resume.isPending}
            onClick={() => (pause.scope === 'job' ? resume.mutate() : setAsking(true))}
          >
            {t.resume}
          </Button>
        </Can>
      }
    >
      {pause.reason && <q className="mr-1 font-medium text-text">{pause.reason}</q>}
      {t.pausedText} {pause.held > 0 && `${t.held(formatNumber(pause.held, lang), pause.held === 1)} `}
      <span className="text-text-3">
        {t.by(pause.actor)} · <RelativeTime at={pause.since} />
        {pause.until && (
          <>
            {' '}
            · {t.until} <AbsoluteTime at={pause.until} />
          </>
        )}
      </span>
      {isAsking && (
        <ResumeDialog pause={pause} pending={resume.isPending} onConfirm={() => resume.mutate()} onClose={() => setAsking(false)} />
      )}
    </Notice>
  );
}

type NoticeProps = { icon: LucideIcon; tone: Tone; title: string; action?: ReactNode; children: ReactNode };

function Notice({ icon: Icon, tone, title, action, children }: NoticeProps) {
  return (
    <div role="status" className={cn('flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card border bg-tone-bg px-3.5 py-2', TONE_CLASS[tone])}>
      <p className="flex min-w-0 flex-1 basis-64 items-start gap-2 text-sm text-text-2">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" />
        <span className="min-w-0">
          <strong className="mr-1.5 font-semibold text-tone-text">{title}</strong>
          {children}
        </span>
      </p>
      {action}
    </div>
  );
}
