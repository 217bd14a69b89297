'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '@/components/ui/form-dialog';
import { Field, Options, Select } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import { useAction } from '@/lib/api/use-action';
import { api, newIdempotencyKey, unwrap } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { keyTranslations } from './key-translations';
import { NewKeyDialog } from './new-key-dialog';
import type { Key } from './queries';

const OVERLAPS_HOURS = [0, 1, 24, 168] as const;

/** Rotate a key: a new key with the same name and role; the old one stays valid for a while. */
export function RotateKeyDialog({ target, onClose }: { target: Key; onClose: () => void }) {
  const t = useTranslations(keyTranslations);
  const client = useQueryClient();
  const [overlap, setOverlap] = useState<number>(24);
  const [act] = useState(newIdempotencyKey);
  const rotate = useAction({
    quiet: true,
    run: () =>
      unwrap(
        api.POST('/keys/{key_id}/rotate', {
          params: { path: { key_id: target.id }, header: { 'Idempotency-Key': act } },
          body: { overlap_hours: overlap },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  });
  if (rotate.data) return <NewKeyDialog made={{ key: rotate.data, session: 'same' }} onClose={onClose} />;
  return (
    <FormDialog
      title={t.askRotate(target.name)}
      submit={t.rotateAction(target.name)}
      pending={rotate.isPending}
      onSubmit={() => rotate.mutate()}
      onClose={onClose}
    >
      <p className="text-text-2">{t.rotateHint}</p>
      <Field label={t.overlap}>
        {(ids) => (
          <Select {...ids} value={overlap} onChange={(event) => setOverlap(Number(event.target.value))}>
            <Options values={OVERLAPS_HOURS} label={(hours) => t.overlaps(hours)} />
          </Select>
        )}
      </Field>
      <FormError error={rotate.error} />
    </FormDialog>
  );
}
