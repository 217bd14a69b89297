'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { useCan } from '@/lib/session';
import { formTranslations } from './translations';
import { JobForm } from './job-form';
import { OperatorRequired } from './operator-required';
import type { Base } from './use-job-form';

/** The form of a new job; the type may be given. */
export function NewJobPage({ type }: { type: string | null }) {
  const t = useTranslations(formTranslations);
  const canEdit = useCan('operator');
  const types = useQuery(queries.jobTypes());
  const [base] = useState<Base>(() => ({ spec: { ...(type ? { type } : {}), inputs: {} }, version: null }));
  if (!types.data) {
    return (
      <Page title={t.newTitle}>
        <Card>{types.error ? <ErrorState error={types.error} onRetry={() => void types.refetch()} /> : <SkeletonRows />}</Card>
      </Page>
    );
  }
  if (!canEdit) return <OperatorRequired title={t.newTitle} backHref="/jobs" />;
  return <JobForm title={t.newTitle} base={base} types={types.data} onConflict={() => {}} />;
}
