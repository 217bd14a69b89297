'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Field, Options, Select } from '@/components/ui/field';
import { useAction } from '@/lib/api/use-action';
import { newIdempotencyKey } from '@/lib/api/client';
import { discardDeadLetters, redriveDeadLetters, type DeadLetterSelection } from '@/lib/api/dead-letters';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import type { DeadLetterOutcome } from './outcome-dialog';
import { affectedCount } from './queries';
import { deadLetterTranslations } from './translations';

export type DeadLetterAction = { kind: 'redrive' | 'discard'; selection: DeadLetterSelection };

const RATES = [1, 5, 20];

type Props = { action: DeadLetterAction; onClose: () => void; onOutcome: (outcome: DeadLetterOutcome) => void };

/** Asks before runs are redriven or discarded, with the current number of affected runs. */
export function DeadLetterActionDialog({ action, onClose, onOutcome }: Props) {
  const t = useTranslations(deadLetterTranslations);
  const lang = useLang();
  const client = useQueryClient();
  const count = useQuery(affectedCount(action.selection));
  const [rate, setRate] = useState('');
  const [key] = useState(newIdempotencyKey);
  const isDiscard = action.kind === 'discard';
  const { mutate, isPending } = useAction({
    run: () => (isDiscard ? discardDeadLetters(action.selection) : redriveDeadLetters(action.selection, key, rate === '' ? null : Number(rate))),
    onSuccess: (result) => {
      onOutcome({ kind: action.kind, result });
      void client.invalidateQueries({ queryKey: ['dead-letters'] });
      void client.invalidateQueries({ queryKey: ['queue'] });
    },
  });
  const shown = count.data === undefined ? '' : formatNumber(count.data, lang);
  return (
    <ConfirmDialog
      onClose={onClose}
      title={isDiscard ? t.discardTitle : t.redriveTitle}
      action={isDiscard ? t.discardN(shown) : t.redriveN(shown)}
      danger={isDiscard}
      typed={isDiscard ? t.word : undefined}
      pending={isPending || count.isPending}
      isDisabled={!count.data}
      onConfirm={() => mutate()}
    >
      <p className="font-medium text-text" aria-live="polite">
        {count.data === undefined
          ? count.isError
            ? t.countFailed
            : t.counting
          : count.data === 0
            ? t.nothingLeft
            : count.data === 1
              ? t.affectedOne
              : t.affected(shown)}
      </p>
      <p>{isDiscard ? t.discardHint : t.redriveHint}</p>
      {!isDiscard && (count.data ?? 0) > 1 && (
        <Field label={t.pace}>
          {(ids) => (
            <Select {...ids} value={rate} onChange={(event) => setRate(event.target.value)}>
              <option value="">{t.atOnce}</option>
              <Options values={RATES} label={(each) => t.perSec(formatNumber(each, lang))} />
            </Select>
          )}
        </Field>
      )}
    </ConfirmDialog>
  );
}
