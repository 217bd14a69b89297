'use client';

import { Link } from '@/components/ui/link';
import { useMemo } from 'react';
import { MonitorIcon } from '@/components/monitor-state/monitor-badge';
import { DataTable, ROW_LINK, type Column, type Selection } from '@/components/table/data-table';
import { RelativeTime } from '@/components/time';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import type { RunRow } from '@/lib/api/queries';
import { shortRunId, shortWorker, sourceName } from '@/lib/runs';
import { useSession } from '@/lib/session';
import { useTimes } from '@/lib/time/times';
import { DurationCell, NoteCell, StateCell, TryCell } from './cells';
import { runTableTranslations } from './translations';

export type RunColumn = 'state' | 'job' | 'run' | 'source' | 'try' | 'at' | 'duration' | 'error' | 'worker';

const ALL: readonly RunColumn[] = ['state', 'job', 'source', 'try', 'at', 'duration', 'error', 'worker'];

/** The columns of a table of one job's runs. */
export const JOB_RUN_COLUMNS: readonly RunColumn[] = ['state', 'run', 'source', 'try', 'at', 'duration', 'error', 'worker'];

type Props = {
  label: string;
  /** As `queries.runs` and `queries.jobRuns` have them, in their order. */
  runs: readonly RunRow[];
  /** `job` shows job and run; `run` shows the run only, on the page of a job. */
  columns?: readonly RunColumn[];
  selection?: Selection;
  onEnd?: () => void;
  isLoadingMore?: boolean;
};

const keyOf = (run: RunRow) => run.run_id;

/** Runs as rows: state, job, attempts, duration, and error. */
export function RunTable({ label, runs, columns = ALL, selection, onEnd, isLoadingMore }: Props) {
  const t = useTranslations(runTableTranslations);
  const lang = useLang();
  const { timezone } = useSession();
  const { times } = useTimes();
  const longestMs = useMemo(() => runs.reduce((longest, run) => Math.max(longest, run.duration_ms ?? 0), 1), [runs]);
  const shown = useMemo(() => {
    const link = (run: RunRow) => `/runs/${encodeURIComponent(run.run_id)}`;
    const all: Record<RunColumn, Omit<Column<RunRow>, 'id'>> = {
      state: { header: t.state, width: '124px', card: 'title', cell: (run) => <StateCell run={run} /> },
      job: {
        header: t.job,
        width: 'minmax(0,1.9fr)',
        card: 'title',
        cell: (run) => (
          <Link href={link(run)} prefetch={false} className={cn(ROW_LINK, 'flex min-w-0 items-baseline gap-2')} title={run.run_id}>
            <span className="min-w-0 font-medium max-lg:break-words lg:truncate">{run.job_id}</span>
            {run.monitor && <MonitorIcon state={run.monitor.state} className="self-center" />}
            <span className="shrink-0 font-mono text-xs text-text-3 lg:max-xl:hidden">{shortRunId(run, timezone)}</span>
          </Link>
        ),
      },
      run: {
        header: t.run,
        width: '112px',
        card: 'title',
        cell: (run) => (
          <Link href={link(run)} prefetch={false} className={cn(ROW_LINK, 'font-mono text-xs')} title={run.run_id}>
            {shortRunId(run, timezone)}
          </Link>
        ),
      },
      source: {
        header: t.source,
        width: '84px',
        from: 'xl',
        cell: (run) => (
          <span className="truncate text-text-2" title={run.actor || undefined}>
            {sourceName(run.source, lang)}
          </span>
        ),
      },
      try: { header: t.try, width: lang === 'id' ? '76px' : '52px', cell: (run) => <TryCell run={run} /> },
      at: { header: t.at, width: times === 'exact' ? '124px' : '92px', cell: (run) => <RelativeTime at={run.created_at} className="text-text-2" /> },
      duration: {
        header: t.duration,
        width: 'minmax(64px,0.8fr)',
        cell: (run) => <DurationCell run={run} longestMs={longestMs} />,
      },
      error: { header: t.error, width: 'minmax(0,1.2fr)', card: 'wide', cell: (run) => <NoteCell run={run} /> },
      worker: {
        header: t.worker,
        width: '104px',
        from: 'xl',
        card: 'hidden',
        cell: (run) => (
          <span className="font-mono text-xs text-text-3" title={run.worker}>
            {shortWorker(run.worker)}
          </span>
        ),
      },
    };
    return columns.map((id) => ({ id, ...all[id] }));
  }, [columns, lang, longestMs, t, times, timezone]);
  return (
    <DataTable
      label={label}
      columns={shown}
      rows={runs}
      rowKey={keyOf}
      selection={selection}
      onEnd={onEnd}
      isLoadingMore={isLoadingMore}
    />
  );
}
