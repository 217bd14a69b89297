'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { useAction } from '@/lib/actions';
import { api, unwrap } from '@/lib/api';
import { defineWords, useWords } from '@/lib/i18n';

const words = defineWords(
  {
    title: (job: string) => `Pause ${job}?`,
    lead: 'No slot of it fires and no run of it starts until it is resumed. What runs goes on.',
    reason: 'Reason',
    hint: 'Optional; whoever looks at the job reads it',
    pause: 'Pause this job',
    cancel: 'Cancel',
  },
  {
    title: (job: string) => `Jeda ${job}?`,
    lead: 'Jadwalnya tidak dijalankan dan run-nya tidak dimulai sampai dilanjutkan. Yang sedang berjalan tetap berjalan.',
    reason: 'Alasan',
    hint: 'Boleh kosong; dibaca siapa pun yang membuka job ini',
    pause: 'Jeda job ini',
    cancel: 'Batal',
  },
);
// As the API takes it.
const MAX_REASON = 500;

/** Asks why, then pauses this job alone. */
export function PauseDialog({ jobId, onClose }: { jobId: string; onClose: () => void }) {
  const t = useWords(words);
  const [reason, setReason] = useState('');
  const pause = useAction({
    run: () => unwrap(api.POST('/pause', { body: { scope: 'job', name: jobId, reason: reason.trim() } })),
    onSuccess: async (_answer, _values, _before, { client }) => {
      await client.invalidateQueries({ queryKey: ['queue'] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.title(jobId)}
      description={t.lead}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button variant="primary" form="pause-job" type="submit" pending={pause.isPending}>
            {t.pause}
          </Button>
        </>
      }
    >
      <form
        id="pause-job"
        onSubmit={(event) => {
          event.preventDefault();
          pause.mutate();
        }}
      >
        <Field label={t.reason} hint={t.hint}>
          {(ids) => <Input {...ids} value={reason} maxLength={MAX_REASON} autoComplete="off" onChange={(event) => setReason(event.target.value)} />}
        </Field>
      </form>
    </Dialog>
  );
}
