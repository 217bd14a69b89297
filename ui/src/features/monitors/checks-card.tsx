'use client';

import { NewRunsPill } from '@/components/run-table/new-runs-pill';
import { JOB_RUN_COLUMNS, RunTable } from '@/components/run-table/run-table';
import { useRunList } from '@/components/run-table/use-run-list';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { queries, type EventBody } from '@/lib/api/queries';
import { useTranslations } from '@/lib/i18n';
import { MONITOR_CHECKS } from './search-params';
import { monitorsTranslations } from './translations';

/** The newest checks of a monitor; new ones are announced and never move the rows. */
export function ChecksCard({ jobId }: { jobId: string }) {
  const t = useTranslations(monitorsTranslations);
  const isMatch = (event: EventBody) => (event.job_id === jobId && event.run_id !== null && event.rev === 1 ? true : undefined);
  const list = useRunList({ list: queries.jobRuns(jobId, undefined, undefined, MONITOR_CHECKS), screen: MONITOR_CHECKS, fits: isMatch });
  return (
    <Card
      title={t.runs}
      aside={
        <Link href={`/jobs/${encodeURIComponent(jobId)}`} className="font-medium whitespace-nowrap text-text-2 hover:text-text hover:underline">
          {t.allRuns}
        </Link>
      }
    >
      <NewRunsPill count={list.newCount} onShow={list.showNew} isPending={list.isShowing} />
      {list.runs.length > 0 ? (
        <RunTable label={t.runsOf(jobId)} runs={list.runs.slice(0, MONITOR_CHECKS)} columns={JOB_RUN_COLUMNS} />
      ) : list.isPending ? (
        <SkeletonRows rows={4} />
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={list.retry} />
      ) : (
        <p className="p-3.5 text-text-2">{t.noRun}</p>
      )}
    </Card>
  );
}
