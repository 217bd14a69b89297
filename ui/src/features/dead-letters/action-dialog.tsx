'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from '@/lib/toast';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Field, Select } from '@/components/ui/field';
import { useAction } from '@/lib/api/use-action';
import { api, newIdempotencyKey, unwrap } from '@/lib/api/client';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { affectedCount, type DeadLetterSelection } from './queries';
import { deadLetterTranslations } from './translations';

export type DeadLetterAction = { kind: 'redrive' | 'discard'; choice: DeadLetterSelection };

const RATES = [1, 5, 20];

type Props = { act: DeadLetterAction; onClose: () => void; onDone: () => void };

/** Asks before letters are run once more or put aside, with how many there are right now. */
export function DeadLetterActionDialog({ act, onClose, onDone }: Props) {
  const t = useTranslations(deadLetterTranslations);
  const lang = useLang();
  const client = useQueryClient();
  const count = useQuery(affectedCount(act.choice));
  const [rate, setRate] = useState('');
  const [key] = useState(newIdempotencyKey);
  const isDiscard = act.kind === 'discard';
  const { mutate, isPending } = useAction({
    run: () => (isDiscard ? discard(act.choice) : redrive(act.choice, rate === '' ? null : Number(rate), key)),
    onSuccess: ({ done, failed }) => {
      const text = formatNumber(done, lang);
      toast.success(isDiscard ? t.discarded(text) : t.redriven(text), {
        description: failed > 0 ? t.refused(formatNumber(failed, lang)) : undefined,
      });
      void client.invalidateQueries({ queryKey: ['dead-letters'] });
      void client.invalidateQueries({ queryKey: ['queue'] });
      onDone();
    },
  });
  const shown = count.data === undefined ? '' : formatNumber(count.data, lang);
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && onClose()}
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
              {RATES.map((each) => (
                <option key={each} value={each}>
                  {t.perSec(formatNumber(each, lang))}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </ConfirmDialog>
  );
}

type Outcome = { done: number; failed: number };

async function redrive(choice: DeadLetterSelection, rate: number | null, key: string): Promise<Outcome> {
  const answer = await unwrap(
    api.POST('/dead-letters/redrive', {
      params: { header: { 'Idempotency-Key': key } },
      body: { ...choice, ...(rate === null ? {} : { rate_per_sec: rate }) },
    }),
  );
  return 'redriven' in answer ? { done: answer.redriven, failed: answer.failed.length } : { done: 0, failed: 0 };
}

async function discard(choice: DeadLetterSelection): Promise<Outcome> {
  const answer = await unwrap(api.POST('/dead-letters/discard', { body: choice }));
  return 'discarded' in answer ? { done: answer.discarded, failed: answer.failed.length } : { done: 0, failed: 0 };
}
