'use client';

import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Refusals } from '@/components/ui/refusals';
import { useLang, useTranslations } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { formatNumber } from '@/lib/time';
import { jobsFor, type BulkAction, type BulkState } from './use-bulk-action';
import { jobsTranslations } from './translations';

const MAX_NAMES = 8;

type Props = {
  state: BulkState;
  selected: readonly Job[];
  onStart: (act: BulkAction, jobs: readonly Job[]) => Promise<void>;
  onClose: () => void;
};

/** Asks with counts and names, says how far it is, and tells by name what was refused. */
export function BulkDialog({ state, selected, onStart, onClose }: Props) {
  const t = useTranslations(jobsTranslations);
  const lang = useLang();
  const number = (value: number) => formatNumber(value, lang);
  if (state.step === 'refused') {
    return (
      <Refusals
        title={t.partly(number(state.ok), number(state.refusals.length))}
        label={t.refused}
        close={t.close}
        refusals={state.refusals.map(({ jobId: id, problem }) => ({ id, problem }))}
        onClose={onClose}
      />
    );
  }
  const { act } = state;
  const jobs = jobsFor(act, selected);
  const left = selected.length - jobs.length;
  const isWorking = state.step === 'working';
  const title = { enable: t.enableTitle, disable: t.disableTitle, run: t.runTitle }[act];
  const text = { enable: t.enableText, disable: t.disableText, run: t.runText }[act];
  return (
    <ConfirmDialog
      open
      onOpenChange={(open) => !open && !isWorking && onClose()}
      title={title(number(jobs.length), jobs.length === 1)}
      pending={isWorking}
      action={isWorking ? t.progress(number(state.done), number(state.of)) : t[act](number(jobs.length))}
      onConfirm={() => void onStart(act, jobs)}
    >
      <p>{text}</p>
      <p className="text-text">
        {jobs.slice(0, MAX_NAMES).map((job) => job.job_id).join(', ')}
        {jobs.length > MAX_NAMES && ` ${t.andMore(number(jobs.length - MAX_NAMES))}`}
      </p>
      {left > 0 && <p>{(act === 'enable' ? t.leftOn : t.leftOff)(number(left))}</p>}
    </ConfirmDialog>
  );
}
