'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleHelp, CirclePause, CirclePlay, CircleX, Equal, PencilLine, Plus, PowerOff, Trash2, Zap, type LucideIcon } from 'lucide-react';
import { Link } from '@/components/ui/link';
import { useEffect, useRef, useState } from 'react';
import { StateBadge } from '@/components/state-badge';
import { Duration, Elapsed, RelativeTime } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useLiveEvents } from '@/lib/live/provider';
import { queries, type Job, type RunDetail } from '@/lib/api/queries';
import { stateOf, type Tone } from '@/lib/run-states';
import type { Execution } from './queries';

type Result = Execution['results'][number];

const translations = defineTranslations(
  {
    title: 'Applied',
    failed: 'Applied in part',
    live: 'First runs, live',
    created: 'Created',
    updated: 'Changed',
    unchanged: 'Unchanged',
    disabled: 'Disabled',
    paused: 'Paused',
    resumed: 'Resumed',
    run: 'Started',
    deleted: 'Deleted',
    needs_confirmation: 'Needs confirmation',
    error: 'Not applied',
    next: 'next',
    waits: 'First run',
    noNext: 'no next run',
    openRun: 'Open the run',
    why: 'See why',
    jobs: 'All jobs',
  },
  {
    title: 'Diterapkan',
    failed: 'Sebagian diterapkan',
    live: 'Run pertama, langsung',
    created: 'Dibuat',
    updated: 'Diubah',
    unchanged: 'Tetap',
    disabled: 'Dinonaktifkan',
    paused: 'Dijeda',
    resumed: 'Dilanjutkan',
    run: 'Dijalankan',
    deleted: 'Dihapus',
    needs_confirmation: 'Perlu dipastikan',
    error: 'Tidak diterapkan',
    next: 'berikutnya',
    waits: 'Run pertama',
    noNext: 'tidak ada run berikutnya',
    openRun: 'Buka run',
    why: 'Lihat sebabnya',
    jobs: 'Semua job',
  },
);

const LOOKS: Record<Result['create_status'], { tone: Tone; icon: LucideIcon }> = {
  created: { tone: 'ok', icon: Plus },
  updated: { tone: 'retry', icon: PencilLine },
  unchanged: { tone: 'neutral', icon: Equal },
  disabled: { tone: 'retry', icon: PowerOff },
  paused: { tone: 'retry', icon: CirclePause },
  resumed: { tone: 'ok', icon: CirclePlay },
  run: { tone: 'run', icon: Zap },
  deleted: { tone: 'fail', icon: Trash2 },
  needs_confirmation: { tone: 'retry', icon: CircleHelp },
  error: { tone: 'fail', icon: CircleX },
};
/** The results after which there is nothing to wait for: no job, or one whose schedule starts no run. */
const AT_REST: ReadonlySet<Result['create_status']> = new Set(['disabled', 'paused', 'deleted']);

/** The result for each job of a plan, with its first run. */
export function ApplyResult({ execution }: { execution: Execution }) {
  const t = useTranslations(translations);
  const card = useRef<HTMLDivElement>(null);
  const isWhole = execution.results.every((each) => each.create_status !== 'error' && each.create_status !== 'needs_confirmation');
  useEffect(() => {
    card.current?.scrollIntoView({ block: 'start' });
    card.current?.focus({ preventScroll: true });
  }, []);
  return (
    <div ref={card} tabIndex={-1} className="scroll-mt-16 rounded-card outline-none">
      <Card
        data-applied
        title={
          <span className="flex items-center gap-2">
            {isWhole && <CircleCheck aria-hidden className="size-4 text-tone tone-ok" />}
            {isWhole ? t.title : t.failed}
          </span>
        }
        aside={
          <>
            <span>{t.live}</span>
            <ButtonLink size="small" href="/jobs">
              {t.jobs}
            </ButtonLink>
          </>
        }
      >
        <ul>
          {execution.results.map((result) => (
            <Row key={result.job_id} result={result} />
          ))}
        </ul>
      </Card>
    </div>
  );
}

/** The first run of a job since the plan was applied: from the response, from a live event, or from the job. */
function useFirstRun(result: Result, job: Job | undefined): string | null {
  const [liveRunId, setLiveRunId] = useState<string | null>(null);
  useLiveEvents((event) => {
    if (liveRunId === null && event.job_id === result.job_id && event.rev === 1 && event.run_id) setLiveRunId(event.run_id);
  });
  const oldest = result.create_status === 'created' ? (job?.recent.at(-1)?.run_id ?? null) : null;
  return result.run_id ?? liveRunId ?? oldest;
}

function Row({ result }: { result: Result }) {
  const t = useTranslations(translations);
  const isStored = result.create_status !== 'error' && result.create_status !== 'deleted';
  const { data: job } = useQuery({ ...queries.job(result.job_id), enabled: isStored });
  const runId = useFirstRun(result, job);
  const { data: run } = useQuery({ ...queries.run(runId ?? ''), enabled: runId !== null });
  return (
    <li data-job={result.job_id} className="grid gap-x-4 gap-y-1.5 border-b px-3.5 py-2.5 last:border-b-0 lg:grid-cols-[112px_minmax(0,1.2fr)_minmax(0,1.5fr)_minmax(0,1fr)_auto] lg:items-center">
      <Badge tone={LOOKS[result.create_status].tone} icon={LOOKS[result.create_status].icon}>
        {t[result.create_status]}
      </Badge>
      {isStored ? (
        <Link href={`/jobs/${encodeURIComponent(result.job_id)}`} className="min-w-0 truncate font-medium hover:underline">
          {result.job_id}
        </Link>
      ) : (
        <span className="min-w-0 truncate font-medium">{result.job_id}</span>
      )}
      {!AT_REST.has(result.create_status) && (
        <>
          <FirstRun result={result} run={run} job={job} />
          <NextFire job={job} isFirst={runId === null} />
        </>
      )}
      {runId && (
        <ButtonLink size="small" href={`/runs/${encodeURIComponent(runId)}`} className="justify-self-start lg:justify-self-end">
          {run?.status === 'failed' ? t.why : t.openRun}
        </ButtonLink>
      )}
    </li>
  );
}

function FirstRun({ result, run, job }: { result: Result; run: RunDetail | undefined; job: Job | undefined }) {
  const t = useTranslations(translations);
  const status = run?.status ?? result.run_status ?? result.queue_status;
  const error = run?.error?.message ?? result.result_error;
  if (!status) {
    if (error) return <span className="text-sm text-tone-text tone-fail">{error}</span>;
    return job?.next_run_at ? (
      <span className="text-sm text-text-2">
        {t.waits} <RelativeTime at={job.next_run_at} zone={job.schedule?.timezone} className="font-medium text-text" />
      </span>
    ) : (
      <span />
    );
  }
  return (
    <span className="flex min-w-0 items-center gap-2" aria-live="polite">
      <StateBadge state={run ? stateOf(run) : status} className="shrink-0" />
      <span className="shrink-0 text-xs text-text-2">
        {run?.status === 'running' && run.started_at ? <Elapsed from={run.started_at} /> : run?.duration_ms !== null && run?.duration_ms !== undefined ? <Duration ms={run.duration_ms} /> : null}
      </span>
      {error && status !== 'success' && (
        <span className="truncate text-xs text-text-2" title={error}>
          {error}
        </span>
      )}
    </span>
  );
}

function NextFire({ job, isFirst }: { job: Job | undefined; isFirst: boolean }) {
  const t = useTranslations(translations);
  if (!job || isFirst) return <span className="hidden lg:block" />;
  if (!job.next_run_at) return <span className="text-xs text-text-3">{t.noNext}</span>;
  return (
    <span className="text-xs text-text-2">
      {t.next} <RelativeTime at={job.next_run_at} zone={job.schedule?.timezone} />
    </span>
  );
}
