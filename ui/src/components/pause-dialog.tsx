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
    askQueue: (queue: string) => `Pause the queue ${queue}?`,
    effectAll: 'No job fires and no run starts until you resume. Runs in progress continue to their end.',
    effectJob: 'No slot of this job fires and no run of it starts until you resume. Runs in progress continue.',
    effectQueue: 'No job of this queue fires and no run of it starts until you resume. Runs in progress continue.',
    until: 'Until',
    untilHint: (zone: string) => `Optional, in ${zone}. Without it, the pause lasts until you resume.`,
    reason: 'Reason',
    hint: 'Optional. Shown with the pause.',
    pauseAll: 'Pause everything',
    pauseJob: 'Pause this job',
    pauseQueue: 'Pause this queue',
  },
  {
    askAll: 'Jeda semuanya?',
    askJob: (job: string) => `Jeda ${job}?`,
    askQueue: (queue: string) => `Jeda antrean ${queue}?`,
    effectAll: 'Tidak ada jadwal yang berjalan dan tidak ada run baru yang mulai sampai dilanjutkan. Run yang sedang berjalan diselesaikan.',
    effectJob: 'Jadwal job ini tidak berjalan dan tidak ada run baru yang mulai sampai dilanjutkan. Run yang sedang berjalan diselesaikan.',
    effectQueue: 'Job di antrean ini tidak berjalan dan tidak ada run baru yang mulai sampai dilanjutkan. Run yang sedang berjalan diselesaikan.',
    until: 'Sampai',
    untilHint: (zone: string) => `Boleh kosong; waktu ${zone}. Tanpa ini, jeda berlaku sampai dilanjutkan.`,
    reason: 'Alasan',
    hint: 'Boleh kosong. Ditampilkan bersama jeda.',
    pauseAll: 'Jeda semuanya',
    pauseJob: 'Jeda job ini',
    pauseQueue: 'Jeda antrean ini',
  },
);
// The limit of the API.
const MAX_REASON_CHARS = 500;

/** What a pause holds. */
type Target = { scope: 'all' } | { scope: 'job' | 'queue'; name: string };

/** Asks for a reason, then pauses one job or one queue, or everything if neither is given. */
export function PauseDialog({ jobId, queue, onClose }: { jobId?: string; queue?: string; onClose: () => void }) {
  const t = useTranslations(translations);
  const { timezone } = useSession();
  const [reason, setReason] = useState('');
  const [until, setUntil] = useState<string>();
  const scope = targetOf(jobId, queue);
  const words = {
    all: { title: t.askAll, description: t.effectAll, submit: t.pauseAll },
    job: { title: t.askJob(jobId ?? ''), description: t.effectJob, submit: t.pauseJob },
    queue: { title: t.askQueue(queue ?? ''), description: t.effectQueue, submit: t.pauseQueue },
  }[scope.scope];
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
      {...words}
      danger={scope.scope === 'all'}
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

function targetOf(jobId: string | undefined, queue: string | undefined): Target {
  if (jobId !== undefined) return { scope: 'job', name: jobId };
  return queue === undefined ? { scope: 'all' } : { scope: 'queue', name: queue };
}
