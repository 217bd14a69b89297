'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@/components/ui/link';
import { NewJobsPill } from '@/components/job-table/new-jobs-pill';
import { useJobColumns, type JobColumn } from '@/components/job-table/use-job-columns';
import { useStableRows } from '@/components/job-table/use-stable-rows';
import { DataTable } from '@/components/table/data-table';
import { Card } from '@/components/ui/card';
import { SkeletonRows } from '@/components/ui/states';
import { useLang, useTranslations } from '@/lib/i18n';
import { queries, type Job } from '@/lib/api/queries';
import { formatNumber } from '@/lib/time';
import { overviewTranslations } from './translations';

const COLUMNS: readonly JobColumn[] = ['job', 'type', 'runs', 'schedule', 'next', 'p95', 'success'];
const STRIP = 40;
const MAX_ROWS = 25;
const NONE: readonly Job[] = [];
const keyOf = (job: Job) => job.job_id;

/** The newest jobs with their last 40 runs. */
export function OverviewJobs() {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const columns = useJobColumns(COLUMNS, { strip: STRIP, clock: true });
  const jobs = useInfiniteQuery(queries.jobs());
  const first = jobs.data?.pages[0];
  const steady = useStableRows(first?.items ?? NONE, keyOf, 'overview');
  return (
    <div>
      <NewJobsPill count={steady.newCount} onShow={steady.showNew} />
      <Card
        title={t.jobs}
        aside={
          <>
            <span className="max-xl:hidden">{t.jobsNote}</span>
            {typeof first?.total === 'number' && (
              <Link href="/jobs" className="font-medium whitespace-nowrap text-text-2 hover:text-text hover:underline">
                {t.allJobs(formatNumber(first.total, lang))}
              </Link>
            )}
          </>
        }
      >
        {first ? <DataTable label={t.jobs} columns={columns} rows={steady.rows.slice(0, MAX_ROWS)} rowKey={keyOf} /> : <SkeletonRows />}
      </Card>
    </div>
  );
}
