'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryState } from 'nuqs';
import { MonitorBadge } from '@/components/monitor-state/monitor-badge';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { ErrorState, Skeleton, SkeletonRows } from '@/components/ui/states';
import { Tabs, type Tab } from '@/components/ui/tabs';
import { toApiError } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { queries, type Job } from '@/lib/api/queries';
import { JobActions } from './actions/job-actions';
import { JobBehaviour } from './job-behaviour';
import { JobFacts } from './job-facts';
import { JobHistory } from './history/job-history';
import { JobNotices } from './job-notices';
import { RunNowButton } from './actions/run-now-button';
import { jobSearch } from './search-params-client';
import { JOB_TABS, type JobTab } from './search-params';
import { useHistory } from './history/use-history';

const waiting = () => (
  <Card>
    <SkeletonRows />
  </Card>
);
const JobMissing = dynamic(() => import('./job-missing').then((module) => module.JobMissing));
const PingUrlCard = dynamic(() => import('./ping-url-card').then((module) => module.PingUrlCard));
const RunsTab = dynamic(() => import('./runs-tab').then((module) => module.RunsTab), { loading: waiting });
const ScheduleTab = dynamic(() => import('./schedule/schedule-tab').then((module) => module.ScheduleTab), { loading: waiting });
const SpecTab = dynamic(() => import('./versions/spec-tab').then((module) => module.SpecTab), { loading: waiting });
const EventsTab = dynamic(() => import('./events-tab').then((module) => module.EventsTab), { loading: waiting });

const translations = defineTranslations(
  { tabs: 'Parts of this job', runs: 'Runs', schedule: 'Schedule', spec: 'Spec', events: 'Events', tags: 'Tags' },
  { tabs: 'Bagian job ini', runs: 'Run', schedule: 'Jadwal', spec: 'Spesifikasi', events: 'Peristiwa', tags: 'Tag' },
);

/** The page of a job: state, runs, slots, versions and actions. */
export function JobPage({ jobId }: { jobId: string }) {
  const { data: job, error, refetch } = useQuery(queries.job(jobId));
  if (error && toApiError(error).status === 404) return <JobMissing jobId={jobId} wasThere={job !== undefined} />;
  if (job) return <JobContent job={job} />;
  return (
    <Page title={jobId}>
      <Card>{error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <Loading />}</Card>
    </Page>
  );
}

function Loading() {
  return (
    <div className="grid gap-3 p-3.5" aria-busy="true">
      <Skeleton className="h-10" />
      <Skeleton className="h-36" />
    </div>
  );
}

function JobContent({ job }: { job: Job }) {
  const t = useTranslations(translations);
  const [tab] = useQueryState('tab', jobSearch.tab);
  const bars = useHistory(job);
  const tabs: Tab<JobTab>[] = JOB_TABS.map((value) => ({
    value,
    label: t[value],
    ...(value === 'spec' ? { count: `v${job.version}` } : {}),
  }));
  return (
    <Page
      lead={job.monitor && <MonitorBadge state={job.monitor.state} />}
      title={job.job_id}
      note={
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <code className="font-mono">{job.type}</code>
          {job.tags.length > 0 && (
            <ul aria-label={t.tags} className="contents">
              {job.tags.map((tag) => (
                <li key={tag} className="rounded-badge bg-raised px-1.5 text-2xs text-text-2">
                  {tag}
                </li>
              ))}
            </ul>
          )}
        </span>
      }
      actions={<JobActions job={job} />}
    >
      {job.description && <p className="-mt-3 max-w-3xl text-sm break-words text-text-2">{job.description}</p>}
      <JobNotices job={job} />
      {job.type === 'monitor.heartbeat' && <PingUrlCard jobId={job.job_id} />}
      <JobFacts job={job} newest={bars[0]} />
      <div className="grid gap-4 xl:grid-cols-[572px_minmax(0,1fr)]">
        <JobHistory bars={bars} />
        {/* On a narrow screen this is in the spec tab, so that the runs stay near the top. */}
        <div className="grid max-md:hidden">
          <JobBehaviour job={job} />
        </div>
      </div>
      <Tabs label={t.tabs} tabs={tabs} value={tab} />
      {tab === 'runs' && <RunsTab jobId={job.job_id} action={<RunNowButton job={job} />} />}
      {tab === 'schedule' && <ScheduleTab job={job} />}
      {tab === 'spec' && <SpecTab job={job} />}
      {tab === 'events' && <EventsTab jobId={job.job_id} />}
    </Page>
  );
}
