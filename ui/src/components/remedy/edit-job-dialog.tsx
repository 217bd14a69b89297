'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DurationInput } from '@/components/duration-input';
import { Field, Options, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { FormError } from '@/components/ui/form-error';
import { QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap, type Schemas } from '@/lib/api/client';
import { queries, type Job } from '@/lib/api/queries';
import { useAction } from '@/lib/api/use-action';
import { useTranslations } from '@/lib/i18n';
import { toast } from '@/lib/toast';
import type { Remedy } from './places';
import { remedyTranslations } from './translations';
import { noteRemedy } from './use-remedy';

type Changes = Partial<Pick<Schemas['JobSpecInput'], 'overlap' | 'timeout_ms'>>;

const OVERLAPS = ['skip', 'queue', 'cancel_running', 'allow'] as const;
const MAX_TIMEOUT_MS = 86_400_000;

/** Changes the field of a job that a remedy is about, and saves a new version. */
export function EditJobDialog({ remedy, incidentId, onClose }: { remedy: Remedy; incidentId?: string; onClose: () => void }) {
  const t = useTranslations(remedyTranslations);
  const stored = useQuery(queries.job(remedy.target));
  const [changes, setChanges] = useState<Changes>({});
  const save = useAction({
    run: async (job: Job) => {
      const params = { path: { job_id: job.job_id }, header: { 'If-Match': `"v${job.version}"` } };
      // Fields of the answer that are no part of the spec are ignored.
      const body = { ...job, ...proposed(remedy, job), ...changes } as unknown as Schemas['JobSpecInput'];
      const saved = await unwrap(api.PUT('/jobs/{job_id}', { params, body }));
      if (incidentId !== undefined) await noteRemedy(incidentId, remedy);
      return saved;
    },
    quiet: true,
    onSuccess: async (saved, _values, _before, { client }) => {
      toast.success(t.saved(saved.job_id, saved.version));
      await Promise.all([['job', saved.job_id], ['job-why'], ['jobs'], ['incident']].map((queryKey) => client.invalidateQueries({ queryKey })));
      onClose();
    },
  });
  const job = stored.data;
  const shown = job && { ...proposed(remedy, job), ...changes };
  return (
    <FormDialog
      title={`${remedy.label}: ${remedy.target}`}
      description={remedy.action === 'raise_timeout' ? t.timeoutEffect : t.queueEffect}
      submit={t.save}
      pending={save.isPending}
      disabled={!job}
      onSubmit={() => job && save.mutate(job)}
      onClose={onClose}
    >
      <QueryPlaceholder query={stored} rows={1} />
      {shown && remedy.action === 'raise_timeout' && (
        <Field label={t.timeout}>
          {(ids) => (
            <DurationInput
              ids={ids}
              label={t.timeout}
              base="ms"
              units={['ms', 's', 'min', 'h']}
              value={shown.timeout_ms}
              onValue={(next) => setChanges({ timeout_ms: next as number })}
            />
          )}
        </Field>
      )}
      {shown && remedy.action === 'let_queue' && (
        <Field label={t.overlap}>
          {(ids) => (
            <Select {...ids} value={shown.overlap} onChange={(event) => setChanges({ overlap: event.target.value as (typeof OVERLAPS)[number] })}>
              <Options values={OVERLAPS} label={(each) => t[each]} />
            </Select>
          )}
        </Field>
      )}
      <FormError error={save.error} />
    </FormDialog>
  );
}

/** The change that the remedy proposes: twice the time, or slots that wait. */
function proposed({ action }: Remedy, job: Job): Changes {
  return action === 'raise_timeout' ? { timeout_ms: Math.min(job.timeout_ms * 2, MAX_TIMEOUT_MS) } : { overlap: 'queue' };
}
