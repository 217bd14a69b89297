'use client';

import { Link } from '@/components/ui/link';
import { useMemo } from 'react';
import { MonitorBadge } from '@/components/monitor-state/monitor-badge';
import { RunStrip } from '@/components/run-strip';
import { ROW_LINK, type Column } from '@/components/table/data-table';
import { Percentile } from '@/components/time';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { formatUptime } from '@/lib/monitor-states';
import { formatPercent } from '@/lib/time';
import { LastRunState, NextRunCell, ScheduleText } from './cells';
import { jobTableTranslations } from './translations';

export type JobColumn = 'job' | 'type' | 'runs' | 'schedule' | 'next' | 'p95' | 'success';

const BAR_STEP_PX = 6;

type Options = { strip: number; tags?: boolean; clock?: boolean };

/** Columns of a table of jobs; `strip` is how many runs the strip has room for. */
export function useJobColumns(ids: readonly JobColumn[], { strip, tags, clock }: Options): Column<Job>[] {
  const t = useTranslations(jobTableTranslations);
  const lang = useLang();
  return useMemo(() => {
    const all: Record<JobColumn, Omit<Column<Job>, 'id'>> = {
      job: {
        header: t.job,
        width: 'minmax(148px,1.4fr)',
        card: 'title',
        cell: (job) => <JobName job={job} tags={tags} />,
      },
      type: {
        header: t.type,
        width: 'minmax(112px,0.8fr)',
        from: 'xl',
        card: 'hidden',
        cell: (job) => (
          <span title={job.type} className="truncate font-mono text-xs text-text-2">
            {job.type}
          </span>
        ),
      },
      runs: {
        header: (
          <>
            <span className="xl:hidden">{t.recent}</span>
            <span className="hidden xl:inline">{t.runs(strip)}</span>
          </>
        ),
        width: `minmax(0,${strip * BAR_STEP_PX - 2}px)`,
        card: 'wide',
        cell: (job) => <RunStrip runs={job.recent} length={strip} monitor={job.monitor?.state} />,
      },
      schedule: { header: t.schedule, width: 'minmax(156px,1.25fr)', card: 'wide', cell: (job) => <ScheduleText job={job} /> },
      next: {
        header: t.next,
        width: clock ? 'minmax(96px,1.2fr)' : 'minmax(96px,0.8fr)',
        cell: (job) => <NextRunCell job={job} clock={clock} />,
      },
      p95: {
        header: <span title={t.p95Hint}>{t.p95}</span>,
        width: lang === 'id' ? '96px' : '68px',
        align: 'end',
        from: 'xl',
        cell: (job) => <Percentile ms={job.stats.p95_ms} className={cn(job.stats.p95_ms === null && 'text-text-3')} />,
      },
      success: {
        header: <span title={t.successHint}>{t.success}</span>,
        width: '56px',
        align: 'end',
        cell: (job) =>
          job.stats.success_rate === null ? (
            <span className="text-text-3">–</span>
          ) : job.monitor ? (
            formatUptime(job.stats.success_rate, lang)
          ) : (
            formatPercent(job.stats.success_rate, lang)
          ),
      },
    };
    return ids.map((id) => ({ id, ...all[id] }));
  }, [ids, strip, tags, clock, t, lang]);
}

/** A job's name as a link, with the state of its newest run; the description on hover. */
function JobName({ job, tags }: { job: Job; tags?: boolean }) {
  return (
    <span className="flex min-w-0 items-center gap-2">
      <LastRunState job={job} />
      <Link
        href={`/jobs/${encodeURIComponent(job.job_id)}`}
       
        title={job.description ? `${job.job_id}: ${job.description}` : job.job_id}
        className={cn(ROW_LINK, 'font-medium max-lg:break-words lg:truncate', !job.enabled && 'text-text-2')}
      >
        {job.job_id}
      </Link>
      {job.monitor && <MonitorBadge state={job.monitor.state} className="shrink-0" />}
      {tags &&
        job.tags.map((tag) => (
          <span key={tag} className="hidden shrink-0 rounded-badge bg-raised px-1.5 text-2xs text-text-2 2xl:inline">
            {tag}
          </span>
        ))}
    </span>
  );
}
