'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { NextRunCell } from '@/components/job-table/cells';
import { StateIcon } from '@/components/state-badge';
import { Duration, Percentile, RelativeTime } from '@/components/time';
import { Link } from '@/components/ui/link';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { nextRunOf } from '@/lib/jobs';
import { useNow } from '@/lib/now';
import { queries, type Job } from '@/lib/api/queries';
import { useSession } from '@/lib/session';
import { formatUptime } from '@/lib/monitor-states';
import { useTimes } from '@/lib/time/times';
import { RUN_STATES } from '@/lib/run-states';
import { formatAt, formatNumber, formatPercent } from '@/lib/time';
import type { Bar } from './history/history';

const translations = defineTranslations(
  {
    facts: 'How this job is doing',
    schedule: 'Schedule',
    byHand: 'none: by hand or by a chain',
    next: 'Next run',
    last: 'Last run',
    never: 'no runs yet',
    success: 'Success, 24 h',
    uptime: 'Uptime, 24 h',
    of: (n: string, all: string) => `${n} of ${all} runs`,
    noRuns: 'no runs',
    p50: 'p50, 24 h',
    p50Hint: 'half took no longer (±5%)',
    p95: 'p95, 24 h',
    p95Hint: '95 of 100 took no longer (±5%)',
  },
  {
    facts: 'Keadaan job ini',
    schedule: 'Jadwal',
    byHand: 'tidak ada: manual atau lewat rantai',
    next: 'Run berikutnya',
    last: 'Run terakhir',
    never: 'belum ada run',
    success: 'Berhasil, 24 jam',
    uptime: 'Ketersediaan, 24 jam',
    of: (n: string, all: string) => `${n} dari ${all} run`,
    noRuns: 'tidak ada run',
    p50: 'p50, 24 jam',
    p50Hint: 'separuhnya tidak lebih lama (±5%)',
    p95: 'p95, 24 jam',
    p95Hint: '95 dari 100 tidak lebih lama (±5%)',
  },
);

/** The main facts of a job: schedule, next and last run, success rate, durations. */
export function JobFacts({ job, newest }: { job: Job; newest: Bar | undefined }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const now = useNow();
  const { timezone } = useSession();
  const { times } = useTimes();
  const { stats, last_run: last } = job;
  const zone = job.schedule?.timezone ?? timezone;
  const queue = useQuery(queries.queue()).data;
  const next = nextRunOf(job, queue?.paused ?? [], now);
  const isFine = (job.schedule?.interval_sec ?? 60) % 60 !== 0;
  return (
    <dl aria-label={t.facts} className="grid grid-cols-2 gap-px overflow-hidden rounded-card border bg-border md:grid-cols-3 xl:grid-cols-6">
      <Fact label={t.schedule} note={job.schedule && zone}>
        {job.schedule_words ? (
          <span className="line-clamp-3" title={job.schedule_words[lang]}>
            {job.schedule_words[lang].replace(` (${zone})`, '')}
          </span>
        ) : (
          <span className="text-text-3">{t.byHand}</span>
        )}
      </Fact>
      <Fact
        label={t.next}
        note={next.kind === 'at' && queue && times === 'relative' && <span suppressHydrationWarning>{formatAt(next.at, now, zone, lang, isFine)}</span>}
      >
        <NextRunCell job={job} />
      </Fact>
      <Fact label={t.last} note={last && newest?.created_at && <RelativeTime at={newest.created_at} zone={zone} />}>
        {last ? (
          <Link href={`/runs/${encodeURIComponent(last.run_id)}`} className="flex items-center gap-1.5 hover:underline">
            <StateIcon state={last.status} />
            <span aria-hidden>{RUN_STATES[last.status].label[lang]}</span>
            {last.duration_ms !== null && <Duration ms={last.duration_ms} className="text-text-3" />}
          </Link>
        ) : (
          <span className="text-text-3">{t.never}</span>
        )}
      </Fact>
      {job.monitor ? (
        <Fact label={t.uptime} note={<MonitorNote monitor={job.monitor} />}>
          {formatUptime(stats.success_rate, lang)}
        </Fact>
      ) : (
        <Fact label={t.success} note={stats.runs > 0 ? t.of(formatNumber(stats.success, lang), formatNumber(stats.runs, lang)) : t.noRuns}>
          {stats.success_rate === null ? <NoValue /> : formatPercent(stats.success_rate, lang)}
        </Fact>
      )}
      <Fact label={t.p50} note={t.p50Hint}>
        <Percentile ms={stats.p50_ms} className={cn(stats.p50_ms === null && 'text-text-3')} />
      </Fact>
      <Fact label={t.p95} note={t.p95Hint}>
        <Percentile ms={stats.p95_ms} className={cn(stats.p95_ms === null && 'text-text-3')} />
      </Fact>
    </dl>
  );
}

/** The reason of a monitor's state, and since when. */
function MonitorNote({ monitor }: { monitor: NonNullable<Job['monitor']> }) {
  return (
    <>
      {monitor.last_error && <>{monitor.last_error} · </>}
      <RelativeTime at={monitor.since} />
    </>
  );
}

function NoValue() {
  return <span className="text-text-3">–</span>;
}

function Fact({ label, note, children }: { label: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div className="min-w-0 bg-surface px-3.5 py-2.5">
      <dt className="text-xs text-text-3">{label}</dt>
      <dd className="min-w-0 text-sm font-medium break-words">{children}</dd>
      {note && <dd className="text-xs break-words text-text-3">{note}</dd>}
    </div>
  );
}
