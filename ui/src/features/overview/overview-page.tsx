'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { NewJobButton } from '@/components/new-job-button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { ErrorState } from '@/components/ui/states';
import { useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { useSession } from '@/lib/session';
import { AttentionCard } from './attention-card';
import { Counts } from './counts';
import { FirstSteps } from './first-steps';
import { OverviewJobs } from './overview-jobs';
import { ReachCard } from './reach-card';
import { ServiceStrip } from './service-strip';
import { ThroughputChart } from './throughput-chart';
import { overviewTranslations } from './translations';

/** The overview: state of the deployment, and problems that need a person. */
export function OverviewPage() {
  const t = useTranslations(overviewTranslations);
  const { timezone } = useSession();
  const jobs = useInfiniteQuery(queries.jobs());
  const isNew = jobs.data?.pages[0]?.total === 0;
  return (
    <Page
      title={t.title}
      note={t.note(timezone)}
      actions={<NewJobButton />}
    >
      <ServiceStrip />
      <ReachCard />
      {jobs.isError && !jobs.data ? (
        <Card>
          <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} />
        </Card>
      ) : isNew ? (
        <FirstSteps />
      ) : (
        <>
          <Counts />
          <div className="grid gap-4 xl:grid-cols-[minmax(0,1.45fr)_minmax(0,1fr)]">
            <ThroughputChart />
            <AttentionCard />
          </div>
          <OverviewJobs />
        </>
      )}
    </Page>
  );
}
