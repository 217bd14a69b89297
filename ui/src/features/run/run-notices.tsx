'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { RemedyRow } from '@/components/remedy/remedy-button';
import { cn } from '@/lib/cn';
import { useLang, useTranslations, type Lang } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { api, unwrap } from '@/lib/api/client';
import { firstLine, labelOf, waitOf, type Wait } from '@/lib/runs';
import type { RunDetail } from '@/lib/api/queries';
import { RUN_STATES, TONE_CLASS, type Tone } from '@/lib/run-states';
import { formatNumber, formatRelative } from '@/lib/time';
import { runTranslations, type RunTexts } from './translations';

/** Notices on a run that waits or whose cancellation was requested. */
export function RunNotices({ run }: { run: RunDetail }) {
  const t = useTranslations(runTranslations);
  const isActive = RUN_STATES[run.status].isActive;
  return (
    <>
      {run.cancel_requested && isActive && <Notice tone="neutral">{t.isCancelling}</Notice>}
      {run.status === 'retrying' && (
        <Notice tone="retry">
          <NextTry run={run} />
          {run.error && <span className="text-text-2"> {firstLine(run.error.message)}</span>}
        </Notice>
      )}
      {(run.status === 'queued' || run.status === 'scheduled') && <Waiting run={run} />}
      {run.status === 'running' && <Progress progress={run.progress} />}
    </>
  );
}

function Notice({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <div className={cn('rounded-card border bg-tone-bg px-3.5 py-2 text-sm text-tone-text', TONE_CLASS[tone])}>{children}</div>
  );
}

function NextTry({ run }: { run: RunDetail }) {
  const t = useTranslations(runTranslations);
  const lang = useLang();
  const now = useNow();
  if (run.due_at === null) return null;
  const isDue = new Date(run.due_at).getTime() <= now;
  return (
    <strong className="font-semibold" suppressHydrationWarning>
      {isDue ? t.dueNow : t.nextTry(formatRelative(run.due_at, now, lang))}
    </strong>
  );
}

function whyQuery(jobId: string, lang: Lang) {
  return {
    queryKey: ['job-why', jobId, lang],
    queryFn: () =>
      unwrap(
        api.GET('/jobs/{job_id}/why', {
          params: { path: { job_id: jobId }, query: { limit: 1 } },
          headers: { 'accept-language': lang },
        }),
      ),
  };
}

/** The reason why a run waits, in the words of the API if it explains this run, with a remedy. */
function Waiting({ run }: { run: RunDetail }) {
  const t = useTranslations(runTranslations);
  const lang = useLang();
  const now = useNow();
  const why = useQuery(whyQuery(run.job_id, lang)).data?.run;
  const wait = waitOf(run.waiting_for);
  if (wait && run.place && why?.run_id !== run.run_id) return <Place wait={wait} place={run.place} />;
  if (why?.run_id === run.run_id) {
    return (
      <Notice tone="neutral">
        <span className="text-text">{why.text}</span> {why.next_step && <span>{why.next_step.replaceAll('`', '')}</span>}
        <RemedyRow remedies={why.actions} className="mt-1.5" />
      </Notice>
    );
  }
  if (wait) return <Notice tone="neutral">{wait.kind === 'pause' ? t.waitsPause : waitText(wait, t)}</Notice>;
  if (run.status === 'scheduled' && run.due_at) {
    return (
      <Notice tone="neutral">
        <span suppressHydrationWarning>{t.startsAt(formatRelative(run.due_at, now, lang))}</span>
      </Notice>
    );
  }
  return null;
}

function waitText(wait: Wait, t: RunTexts): string {
  if (wait.kind === 'own') return t.waitsOwn;
  if (wait.kind === 'type') return t.waitsType(wait.name);
  return wait.kind === 'rate' ? t.waitsRate(labelOf(wait)) : t.waitsKey(labelOf(wait));
}

/** What a run waits for, its place in the line, and when a rate lets it start. */
function Place({ wait, place }: { wait: Wait; place: NonNullable<RunDetail['place']> }) {
  const t = useTranslations(runTranslations);
  const lang = useLang();
  const now = useNow();
  return (
    <Notice tone="neutral">
      <span className="text-text">{waitText(wait, t)}</span>{' '}
      <span suppressHydrationWarning>
        {place.limit !== null && t.taken(formatNumber(place.held, lang), formatNumber(place.limit, lang))}{' '}
        {place.ahead === 0 ? t.isNext : t.ahead(formatNumber(place.ahead, lang))}{' '}
        {place.starts_at !== null && t.earliest(formatRelative(place.starts_at, now, lang))}
      </span>
    </Notice>
  );
}

const FULL_PERCENT = 100;

/** The progress of a run in percent; null if it reports another form. */
export function percentOf(progress: unknown): number | null {
  if (typeof progress !== 'object' || progress === null) return null;
  const { percent, fraction } = progress as { percent?: unknown; fraction?: unknown };
  const value = typeof percent === 'number' ? percent : typeof fraction === 'number' ? fraction * FULL_PERCENT : NaN;
  return Number.isFinite(value) ? Math.min(FULL_PERCENT, Math.max(0, value)) : null;
}

/** The other progress data of a run. */
function progressText(progress: unknown): string {
  if (typeof progress !== 'object' || progress === null) return String(progress);
  return Object.entries(progress)
    .filter(([name]) => name !== 'percent' && name !== 'fraction')
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
}

function Progress({ progress }: { progress: unknown }) {
  const t = useTranslations(runTranslations);
  const lang = useLang();
  if (progress === null || progress === undefined) return null;
  const percent = percentOf(progress);
  const text = progressText(progress);
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-text-2">
      <span>{t.progress}</span>
      {percent !== null && (
        <>
          <span role="progressbar" aria-label={t.progress} aria-valuenow={Math.round(percent)} aria-valuemin={0} aria-valuemax={FULL_PERCENT} className="h-1.5 min-w-40 flex-1 overflow-hidden rounded-full bg-selected">
            <span className="block h-full rounded-full bg-tone tone-run" style={{ width: `${percent}%` }} />
          </span>
          <span className="font-medium text-text">{formatNumber(percent, lang)}%</span>
        </>
      )}
      {text && <span className="min-w-0 break-words">{text}</span>}
    </div>
  );
}
