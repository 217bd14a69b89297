'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { CircleCheck, Clock, Inbox, Snowflake } from 'lucide-react';
import { useMemo } from 'react';
import { useJobColumns, type JobColumn } from '@/components/job-table/use-job-columns';
import { useStableRows } from '@/components/job-table/use-stable-rows';
import { DataTable, type Column } from '@/components/table/data-table';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { queries, type Job } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { formatNumber } from '@/lib/time';
import { troubledJobs } from './queries';
import { overviewTranslations } from './translations';
import { troubleOf } from './trouble';

const COLUMNS: readonly JobColumn[] = ['job', 'type', 'runs', 'schedule', 'next', 'success'];
const STRIP = 24;
const NONE: readonly Job[] = [];
const keyOf = (job: Job) => job.job_id;

/** Jobs with a failure to decide on, in a cool-down, or whose fire is late. */
export function TroubledJobs() {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const list = useInfiniteQuery(troubledJobs());
  const total = useQuery(queries.jobCount()).data;
  const rows = useStableRows(list.data?.pages[0]?.items ?? NONE, keyOf, 'troubled').rows;
  const shared = useJobColumns(COLUMNS, { strip: STRIP, clock: true });
  const columns = useMemo<Column<Job>[]>(() => {
    const trouble: Column<Job> = { id: 'trouble', header: t.trouble, width: '136px', card: 'wide', cell: (job) => <TroubleBadge job={job} /> };
    return shared.toSpliced(1, 0, trouble);
  }, [shared, t]);
  return (
    <Card
      title={t.troubled}
      aside={
        <Link href="/jobs" className="font-medium whitespace-nowrap text-text-2 hover:text-text hover:underline">
          {typeof total === 'number' ? t.allJobs(formatNumber(total, lang), total === 1) : t.jobs}
        </Link>
      }
    >
      {rows.length > 0 ? (
        <DataTable label={t.troubled} columns={columns} rows={rows} rowKey={keyOf} />
      ) : list.data ? (
        <p className="flex items-center gap-2 px-3.5 py-3 text-text-2">
          <CircleCheck aria-hidden className="size-4 shrink-0 text-tone tone-ok" strokeWidth={2.25} />
          {t.noTrouble}
        </p>
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <SkeletonRows rows={2} />
      )}
    </Card>
  );
}

function TroubleBadge({ job }: { job: Job }) {
  const t = useTranslations(overviewTranslations);
  const now = useNow();
  switch (troubleOf(job, now)) {
    case 'cooling':
      return <Badge tone="retry" icon={Snowflake}>{t.cooling}</Badge>;
    case 'late':
      return <Badge tone="retry" icon={Clock}>{t.lateFire}</Badge>;
    case 'failed':
      return (
        <Link href={`/dead-letters?job=${encodeURIComponent(job.job_id)}`} className="relative z-10">
          <Badge tone="fail" icon={Inbox}>{t.dead}</Badge>
        </Link>
      );
  }
}
