'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { useAction } from '@/lib/actions';
import { api, unwrap } from '@/lib/api';
import { useWords } from '@/lib/i18n';
import { Refusal } from './parts';
import { pauseWords } from './pause-words';

const MAX_REASON_CHARS = 500;

/** Asks before everything is held, and why. */
export function PauseDialog({ onClose }: { onClose: () => void }) {
  const t = useWords(pauseWords);
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const pause = useAction({
    quiet: true,
    run: () => unwrap(api.POST('/pause', { body: { scope: 'all', reason: reason.trim() } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['queue'] });
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.ask}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" form="pause-form" variant="danger" pending={pause.isPending}>
            {t.act}
          </Button>
        </>
      }
    >
      <form
        id="pause-form"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          pause.mutate();
        }}
      >
        <p className="text-sm text-text-2">{t.effect}</p>
        <Field label={t.reason} hint={t.reasonHint}>
          {(ids) => (
            <Input {...ids} maxLength={MAX_REASON_CHARS} value={reason} autoComplete="off" onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
        <Refusal error={pause.error} />
      </form>
    </Dialog>
  );
}
