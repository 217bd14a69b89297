'use client';

import { Confirm } from '@/components/ui/confirm';
import { Refusals } from '@/components/ui/refusals';
import { useLang, useWords } from '@/lib/i18n';
import type { RunRow } from '@/lib/queries';
import { formatNumber } from '@/lib/time';
import type { BulkAct, BulkState } from './bulk';
import { runsWords } from './words';

type Props = {
  state: BulkState;
  runs: readonly RunRow[];
  leftOut: number;
  onStart: (act: BulkAct, runs: readonly RunRow[]) => Promise<void>;
  onClose: () => void;
};

/** Asks with counts, says how far it is, and tells by id what was refused. */
export function BulkDialog({ state, runs, leftOut, onStart, onClose }: Props) {
  const t = useWords(runsWords);
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
    <Confirm
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
    </Confirm>
  );
}
