'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { toApiError, type Schemas } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { queries, type Job } from '@/lib/api/queries';
import { useCan } from '@/lib/session';
import { ConflictCard } from './conflict-card';
import { formTranslations } from './translations';
import { JobForm } from './job-form';
import { OperatorRequired } from './operator-required';
import { specOf } from './spec';

/** The form of an existing job. */
export function EditJobPage({ jobId }: { jobId: string }) {
  const t = useTranslations(formTranslations);
  const canEdit = useCan('operator');
  const types = useQuery(queries.jobTypes());
  const job = useQuery(queries.job(jobId));
  const title = t.editTitle(jobId);
  if (!types.data || !job.data) {
    const failed = types.error ? types : job;
    return (
      <Page title={title}>
        <Card>{failed.error ? <ErrorState error={failed.error} onRetry={() => void failed.refetch()} /> : <SkeletonRows />}</Card>
      </Page>
    );
  }
  if (!canEdit) return <OperatorRequired title={title} backHref={`/jobs/${encodeURIComponent(jobId)}`} />;
  const isGone = toApiError(job.error).code === 'job_not_found';
  return (
    <Editing
      title={title}
      stored={job.data}
      isGone={isGone}
      types={types.data}
      readAgain={() => void job.refetch()}
    />
  );
}

type EditingProps = {
  title: string;
  stored: Job;
  isGone: boolean;
  types: readonly Schemas['JobTypeBody'][];
  readAgain: () => void;
};

/** A save is based on the version that the user started to edit. */
function Editing({ title, stored, isGone, types, readAgain }: EditingProps) {
  const t = useTranslations(formTranslations);
  const [base, setBase] = useState(() => ({ spec: specOf(stored), version: stored.version }));
  const isBehind = isGone || stored.version !== base.version;
  // Enabling and disabling creates no version, so a save must not revert it.
  const current = isBehind ? base : { ...base, spec: { ...base.spec, enabled: stored.enabled } };
  return (
    <JobForm
      key={base.version}
      title={title}
      note={t.version(String(base.version))}
      base={current}
      types={types}
      onConflict={readAgain}
    >
      {(state) =>
        isBehind &&
        !state.isSaved && (
          <ConflictCard
            mine={state.spec}
            version={base.version}
            theirs={isGone ? null : stored}
            refusals={state.conflicts}
            isSaving={state.isSaving}
            onLoadTheirs={() => setBase({ spec: specOf(stored), version: stored.version })}
            onKeepMine={() => state.save(stored.version)}
          />
        )
      }
    </JobForm>
  );
}
