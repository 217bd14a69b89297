'use client';

import { useState } from 'react';
import { DateTimeField } from '@/components/schedule/date-time-field';
import { Field, Input } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { FormError } from '@/components/ui/form-error';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';

const translations = defineTranslations(
  {
    askAll: 'Pause everything?',
    askJob: (job: string) => `Pause ${job}?`,
    effectAll: 'No job fires and no run starts until you resume. Runs in progress continue to their end.',
    effectJob: 'No slot of this job fires and no run of it starts until you resume. Runs in progress continue.',
    until: 'Until',
    untilHint: (zone: string) => `Optional, in ${zone}. Without it, the pause lasts until you resume.`,
    reason: 'Reason',
    hint: 'Optional. Shown with the pause.',
    pauseAll: 'Pause everything',
    pauseJob: 'Pause this job',
  },
  {
    askAll: 'Jeda semuanya?',
    askJob: (job: string) => `Jeda ${job}?`,
    effectAll: 'Tidak ada jadwal yang berjalan dan tidak ada run baru yang mulai sampai dilanjutkan. Run yang sedang berjalan diselesaikan.',
    effectJob: 'Jadwal job ini tidak berjalan dan tidak ada run baru yang mulai sampai dilanjutkan. Run yang sedang berjalan diselesaikan.',
    until: 'Sampai',
    untilHint: (zone: string) => `Boleh kosong; waktu ${zone}. Tanpa ini, jeda berlaku sampai dilanjutkan.`,
    reason: 'Alasan',
    hint: 'Boleh kosong. Ditampilkan bersama jeda.',
    pauseAll: 'Jeda semuanya',
    pauseJob: 'Jeda job ini',
  },
);
// The limit of the API.
const MAX_REASON_CHARS = 500;

/** Asks for a reason, then pauses one job, or everything if no job is given. */
export function PauseDialog({ jobId, onClose }: { jobId?: string; onClose: () => void }) {
  const t = useTranslations(translations);
  const { timezone } = useSession();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState<string>();
  const scope = jobId === undefined ? { scope: 'all' as const } : { scope: 'job' as const, name: jobId };
  const pause = useAction({
    run: () => unwrap(api.POST('/pause', { body: { ...scope, reason: reason.trim(), until } })),
    quiet: true,
    onSuccess: async (_answer, _values, _before, { client }) => {
      await client.invalidateQueries({ queryKey: ['queue'] });
      onClose();
    },
  });
  return (
    <FormDialog
      title={jobId === undefined ? t.askAll : t.askJob(jobId)}
      description={jobId === undefined ? t.effectAll : t.effectJob}
      submit={jobId === undefined ? t.pauseAll : t.pauseJob}
      danger={jobId === undefined}
      pending={pause.isPending}
      onSubmit={() => pause.mutate()}
      onClose={onClose}
    >
      <DateTimeField label={t.until} hint={t.untilHint(timezone)} value={until} zone={timezone} onValue={setUntil} />
      <Field label={t.reason} hint={t.hint}>
        {(ids) => <Input {...ids} value={reason} maxLength={MAX_REASON_CHARS} autoComplete="off" onChange={(event) => setReason(event.target.value)} />}
      </Field>
      <FormError error={pause.error} />
    </FormDialog>
  );
}
