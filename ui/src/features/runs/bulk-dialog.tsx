'use client';

import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Refusals } from '@/components/ui/refusals';
import { useLang, useTranslations } from '@/lib/i18n';
import type { RunRow } from '@/lib/api/queries';
import { formatNumber } from '@/lib/time';
import type { BulkAction, BulkState } from './use-bulk-action';
import { runsTranslations } from './translations';

type Props = {
  state: BulkState;
  runs: readonly RunRow[];
  leftOut: number;
  onStart: (act: BulkAction, runs: readonly RunRow[]) => Promise<void>;
  onClose: () => void;
};

/** Asks with counts, says how far it is, and tells by id what was refused. */
export function BulkDialog({ state, runs, leftOut, onStart, onClose }: Props) {
  const t = useTranslations(runsTranslations);
  const lang = useLang();
  const number = (value: number) => formatNumber(value, lang);
  if (state.step === 'refused') {
    return (
      <Refusals
        title={t.partly(number(state.ok), number(state.refusals.length))}
        label={t.refused}
        close={t.close}
        refusals={state.refusals.map(({ runId: id, problem }) => ({ id, problem }))}
        onClose={onClose}
      />
    );
  }
  const isCancel = state.act === 'cancel';
  const one = runs.length === 1;
  const count = number(runs.length);
  const title = isCancel ? (one ? t.cancelOne : t.cancelTitle(count)) : one ? t.rerunOne : t.rerunTitle(count);
  const isWorking = state.step === 'working';
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && !isWorking && onClose()}
      title={title}
      danger={isCancel}
      pending={isWorking}
      action={
        isWorking
          ? t.progress(number(state.done), number(state.of))
          : (isCancel ? t.cancelAct : t.rerunAct)(count, one)
      }
      onConfirm={() => void onStart(state.act, runs)}
    >
      <p>{isCancel ? t.cancelText : t.rerunText}</p>
      {leftOut > 0 && <p>{(isCancel ? t.leftOut : t.leftOutActive)(number(leftOut))}</p>}
    </ConfirmDialog>
  );
}
