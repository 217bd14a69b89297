'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { SelectionToolbar } from '@/components/bulk/selection-toolbar';
import { Button } from '@/components/ui/button';
import type { RunFilter, RunRow } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { toast } from '@/lib/toast';
import { runsFor, useBulkRuns } from './bulk-actions';
import { bulkMatchingTranslations } from './bulk-matching-translations';
import { runsTranslations } from './translations';
import { useBulkMatching } from './use-bulk-matching';

const BulkMatchingDialog = dynamic(() => import('./bulk-matching-dialog').then((module) => module.BulkMatchingDialog), { ssr: false });
const BulkActionDialog = dynamic(() => import('@/components/bulk/bulk-action-dialog').then((module) => module.BulkActionDialog), { ssr: false });

type Props = { runs: readonly RunRow[]; /** The filter of the list; "all matching" uses it. */ filter: RunFilter; onClear: () => void };

/** The actions on the selected runs or on all that match, with counts; empty if no run is selected. */
export function BulkBar({ runs, filter, onClear }: Props) {
  const t = useTranslations(runsTranslations);
  const matchingTexts = useTranslations(bulkMatchingTranslations);
  const lang = useLang();
  const number = (value: number) => formatNumber(value, lang);
  const bulk = useBulkRuns((action, count) => {
    if (count > 0) toast.success((action === 'cancel' ? t.cancelDone : t.rerunDone)(number(count)));
    onClear();
  });
  const [isAllMatching, setAllMatching] = useState(false);
  const matching = useBulkMatching(filter);
  // "All matching" ends when no run is selected.
  if (isAllMatching && runs.length === 0) setAllMatching(false);
  const clear = () => {
    setAllMatching(false);
    onClear();
  };
  if (runs.length === 0 && bulk.state === null && matching.state === null) return null;
  const active = runsFor('cancel', runs);
  const ended = runsFor('rerun', runs);
  const isCancel = bulk.state?.action === 'cancel';
  const [affected, skipped] = isCancel ? [active, ended] : [ended, active];
  const count = number(affected.length);
  const isOne = affected.length === 1;
  const ask = isAllMatching ? matching.ask : bulk.ask;
  return (
    <>
      {runs.length > 0 && (
        <SelectionToolbar
          count={runs.length}
          label={isAllMatching ? matchingTexts.all : undefined}
          onClear={clear}
          extra={
            !isAllMatching && (
              <Button size="small" variant="ghost" title={matchingTexts.allHint} onClick={() => setAllMatching(true)}>
                {matchingTexts.all}
              </Button>
            )
          }
        >
          <Button size="small" disabled={!isAllMatching && ended.length === 0} onClick={() => ask('rerun')}>
            {isAllMatching ? matchingTexts.rerun : t.rerun(number(ended.length))}
          </Button>
          <Button size="small" variant="danger" disabled={!isAllMatching && active.length === 0} onClick={() => ask('cancel')}>
            {isAllMatching ? matchingTexts.cancel : t.cancel(number(active.length))}
          </Button>
        </SelectionToolbar>
      )}
      {matching.state && (
        <BulkMatchingDialog
          state={matching.state}
          onStart={matching.start}
          onStop={matching.stop}
          onClose={() => {
            if (matching.state?.step === 'ended' && matching.state.done > 0) clear();
            matching.close();
          }}
        />
      )}
      {bulk.state && (
        <BulkActionDialog
          state={bulk.state}
          title={(isCancel ? t.cancelTitle : t.rerunTitle)(count, isOne)}
          action={(isCancel ? t.cancelAct : t.rerunAct)(count, isOne)}
          danger={isCancel}
          onStart={() => void bulk.start(isCancel ? 'cancel' : 'rerun', affected)}
          onClose={bulk.close}
        >
          <p>{isCancel ? t.cancelText : t.rerunText}</p>
          {skipped.length > 0 && <p>{(isCancel ? t.leftOut : t.leftOutActive)(number(skipped.length))}</p>}
        </BulkActionDialog>
      )}
    </>
  );
}
