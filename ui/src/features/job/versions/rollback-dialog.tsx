'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from '@/lib/toast';
import { FieldDiff } from '@/components/diff';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { useAction } from '@/lib/api/use-action';
import { api, newIdempotencyKey, unwrap } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { queries, type Job } from '@/lib/api/queries';
import { jobQueries } from '../queries';
import { versionTranslations } from './translations';

const OUTDATED = 412;

/** Shows the changes of a rollback, then does it, unless the job was saved meanwhile. */
export function RollbackDialog({ job, version, onClose }: { job: Job; version: number; onClose: () => void }) {
  const t = useTranslations(versionTranslations);
  const client = useQueryClient();
  // The version that the user compared with: a save in between is not overwritten.
  const [seen, setSeen] = useState(job.version);
  const [key, setKey] = useState(newIdempotencyKey);
  const changes = useQuery(jobQueries.comparison(job.job_id, seen, version));
  const roll = useAction({
    quiet: true,
    run: () =>
      unwrap(
        api.POST('/jobs/{job_id}/rollback/{version}', {
          params: {
            path: { job_id: job.job_id, version },
            header: { 'Idempotency-Key': key, 'If-Match': `"v${seen}"` },
          },
        }),
      ),
    onSuccess: (saved) => {
      client.setQueryData(queries.job(job.job_id).queryKey, saved);
      void client.invalidateQueries({ queryKey: ['versions', job.job_id] });
      toast.success(t.done(version, saved.version));
      onClose();
    },
    onError: async (error) => {
      if (error.status !== OUTDATED) return;
      await client.invalidateQueries({ queryKey: ['versions', job.job_id] });
      await client.invalidateQueries({ queryKey: queries.job(job.job_id).queryKey });
      const now = client.getQueryData(queries.job(job.job_id).queryKey);
      if (now) setSeen(now.version);
      setKey(newIdempotencyKey());
    },
  });
  return (
    <ConfirmDialog
      onClose={onClose}
      title={t.rollTitle(version)}
      action={t.rollBackTo(version)}
      pending={roll.isPending}
      onConfirm={() => roll.mutate()}
    >
      <p>{t.rollText(version, seen + 1)}</p>
      {roll.error && (
        <p role="alert" className="rounded-control bg-tone-bg px-2.5 py-2 text-tone-text tone-fail">
          {roll.error.status === OUTDATED ? t.outdated : `${roll.error.title}: ${roll.error.detail}`}
          {roll.error.status !== OUTDATED && roll.error.traceId && <code className="block font-mono text-xs">{roll.error.traceId}</code>}
        </p>
      )}
      <div>
        <h3 className="mb-1 text-xs font-medium text-text-2">{t.changes}</h3>
        {changes.isPending && <Skeleton className="h-12" />}
        {changes.error && <ErrorState error={changes.error} onRetry={() => void changes.refetch()} />}
        {changes.data && <FieldDiff changes={changes.data} />}
      </div>
    </ConfirmDialog>
  );
}
