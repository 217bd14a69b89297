'use client';

import { useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { JsonView } from '@/components/json-view';
import { Card } from '@/components/ui/card';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { VersionDiff } from './version-diff';
import { JobBehaviour } from '../job-behaviour';
import { jobQueries } from '../queries';
import { jobSearch } from '../search-params-client';
import { VersionList } from './version-list';

const translations = defineTranslations(
  { current: (version: number) => `Spec, v${version}` },
  { current: (version: number) => `Spesifikasi, v${version}` },
);

/** The current version, earlier versions, and their differences. */
export function SpecTab({ job }: { job: Job }) {
  const t = useTranslations(translations);
  const versions = useQuery(jobQueries.versions(job.job_id));
  const [{ from, to }, setCompared] = useQueryStates({ from: jobSearch.from, to: jobSearch.to }, { history: 'push' });
  if (versions.isPending || versions.error) {
    return (
      <Card>
        {versions.isPending ? <SkeletonRows rows={8} /> : <ErrorState error={versions.error} onRetry={() => void versions.refetch()} />}
      </Card>
    );
  }
  const saved = versions.data.find((each) => each.version === job.version)?.spec;
  // Switching a job on or off saves no version.
  const spec = saved && { ...saved, enabled: job.enabled };
  return (
    <div className="grid gap-4">
      {from !== null && to !== null && (
        <VersionDiff job={job} versions={versions.data} from={from} to={to} onChange={(next) => void setCompared(next)} />
      )}
      <div className="md:hidden">
        <JobBehaviour job={job} />
      </div>
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <Card title={t.current(job.version)}>
          {spec ? (
            <div className="px-6 py-3">
              <JsonView value={spec} label={t.current(job.version)} />
            </div>
          ) : (
            <SkeletonRows />
          )}
        </Card>
        <VersionList job={job} versions={versions.data} onCompare={(one, other) => void setCompared({ from: one, to: other })} />
      </div>
    </div>
  );
}
