'use client';

import { useQuery } from '@tanstack/react-query';
import { NewJobButton } from '@/components/new-job-button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { ErrorState } from '@/components/ui/states';
import { queries } from '@/lib/api/queries';
import { useTranslations } from '@/lib/i18n';
import { useIsLimited, useSession } from '@/lib/session';
import { Counts } from './counts';
import { FirstSteps } from './first-steps';
import { IncidentsCard } from './incidents-card';
import { MonitorsCard } from './monitors-card';
import { ReachCard } from './reach-card';
import { ScopeNote } from './scope-note';
import { ServiceStrip } from './service-strip';
import { ThroughputChart } from './throughput-chart';
import { overviewTranslations } from './translations';
import { TroubledJobs } from './troubled-jobs';

/** The overview: what is wrong and what ends it, then monitors, jobs in trouble, and throughput. */
export function OverviewPage() {
  const t = useTranslations(overviewTranslations);
  const { timezone } = useSession();
  const isLimited = useIsLimited();
  const jobs = useQuery(queries.jobCount());
  const isNew = jobs.data === 0;
  if (isLimited) {
    // The figures of the deployment include other jobs.
    return (
      <Page title={t.title} note={timezone} actions={<NewJobButton />}>
        <ScopeNote />
        <IncidentsCard />
        <MonitorsCard />
        <TroubledJobs />
      </Page>
    );
  }
  if (jobs.isError && jobs.data === undefined) {
    return (
      <Page title={t.title} note={timezone} actions={<NewJobButton />}>
        <ServiceStrip />
        <Card>
          <ErrorState error={jobs.error} onRetry={() => void jobs.refetch()} />
        </Card>
      </Page>
    );
  }
  return (
    <Page title={t.title} note={timezone} actions={<NewJobButton />}>
      {/* A phone has no room for both: what is wrong comes first. */}
      <div className="flex flex-col gap-4 max-sm:flex-col-reverse">
        <ServiceStrip />
        {!isNew && <IncidentsCard />}
      </div>
      <ReachCard />
      {isNew ? (
        <>
          <FirstSteps />
          <IncidentsCard />
        </>
      ) : (
        <>
          <MonitorsCard />
          <TroubledJobs />
          <Counts />
          <ThroughputChart />
        </>
      )}
    </Page>
  );
}
