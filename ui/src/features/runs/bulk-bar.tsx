'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { toast } from '@/lib/toast';
import { Button } from '@/components/ui/button';
import { useLang, useTranslations } from '@/lib/i18n';
import type { RunFilter, RunRow } from '@/lib/api/queries';
import { formatNumber } from '@/lib/time';
import { runsFor, useBulkAction } from './use-bulk-action';
import { useBulkMatching } from './use-bulk-matching';
import { bulkMatchingTranslations } from './bulk-matching-translations';
import { runsTranslations } from './translations';

const BulkMatchingDialog = dynamic(() => import('./bulk-matching-dialog').then((module) => module.BulkMatchingDialog), { ssr: false });
const BulkDialog = dynamic(() => import('./bulk-dialog').then((module) => module.BulkDialog), { ssr: false });

type Props = { runs: readonly RunRow[]; /** The filter of the list; "all matching" uses it. */ filter: RunFilter; onClear: () => void };

/** The actions on the selected runs or on all that match, with counts; empty if none is selected. */
export function BulkBar({ runs, filter, onClear }: Props) {
  const t = useTranslations(runsTranslations);
  const matchingTexts = useTranslations(bulkMatchingTranslations);
  const lang = useLang();
  const bulk = useBulkAction((act, count) => {
    if (count > 0) toast.success((act === 'cancel' ? t.cancelDone : t.rerunDone)(formatNumber(count, lang)));
    onClear();
  });
  const [isAllMatching, setAllMatching] = useState(false);
  const matching = useBulkMatching(filter);
  // "All matching" ends when nothing is selected.
  if (isAllMatching && runs.length === 0) setAllMatching(false);
  const clear = () => {
    setAllMatching(false);
    onClear();
  };
  const active = runsFor('cancel', runs);
  const ended = runsFor('rerun', runs);
  if (runs.length === 0 && bulk.state === null && matching.state === null) return null;
  return (
    <>
      {runs.length > 0 && (
        <div role="toolbar" aria-label={t.selected(formatNumber(runs.length, lang))} className="flex flex-wrap items-center gap-2 border-b bg-raised px-3.5 py-1.5">
          <span className="text-sm font-medium">{isAllMatching ? matchingTexts.all : t.selected(formatNumber(runs.length, lang))}</span>
          <Button size="small" variant="ghost" onClick={clear}>
            {t.unselect}
          </Button>
          {!isAllMatching && (
            <Button size="small" variant="ghost" title={matchingTexts.allHint} onClick={() => setAllMatching(true)}>
              {matchingTexts.all}
            </Button>
          )}
          <span className="ml-auto flex gap-2">
            <Button size="small" disabled={!isAllMatching && ended.length === 0} onClick={() => (isAllMatching ? matching : bulk).ask('rerun')}>
              {isAllMatching ? matchingTexts.rerun : t.rerun(formatNumber(ended.length, lang))}
            </Button>
            <Button size="small" variant="danger" disabled={!isAllMatching && active.length === 0} onClick={() => (isAllMatching ? matching : bulk).ask('cancel')}>
              {isAllMatching ? matchingTexts.cancel : t.cancel(formatNumber(active.length, lang))}
            </Button>
          </span>
        </div>
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
        <BulkDialog
          state={bulk.state}
          runs={bulk.state.act === 'cancel' ? active : ended}
          leftOut={bulk.state.act === 'cancel' ? ended.length : active.length}
          onStart={bulk.start}
          onClose={bulk.close}
        />
      )}
    </>
  );
}
