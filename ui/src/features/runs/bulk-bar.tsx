'use client';

import dynamic from 'next/dynamic';
import { toast } from '@/lib/toast';
import { Button } from '@/components/ui/button';
import { useLang, useWords } from '@/lib/i18n';
import type { RunRow } from '@/lib/queries';
import { formatNumber } from '@/lib/time';
import { runsFor, useBulk } from './bulk';
import { runsWords } from './words';

const BulkDialog = dynamic(() => import('./bulk-dialog').then((module) => module.BulkDialog), { ssr: false });

/** What can be done with the selected runs, with counts; nothing where none is selected. */
export function BulkBar({ runs, onClear }: { runs: readonly RunRow[]; onClear: () => void }) {
  const t = useWords(runsWords);
  const lang = useLang();
  const bulk = useBulk((act, count) => {
    if (count > 0) toast.success((act === 'cancel' ? t.cancelDone : t.rerunDone)(formatNumber(count, lang)));
    onClear();
  });
  const active = runsFor('cancel', runs);
  const ended = runsFor('rerun', runs);
  if (runs.length === 0 && bulk.state === null) return null;
  return (
    <>
      {runs.length > 0 && (
        <div role="toolbar" aria-label={t.selected(formatNumber(runs.length, lang))} className="flex flex-wrap items-center gap-2 border-b bg-raised px-3.5 py-1.5">
          <span className="text-sm font-medium">{t.selected(formatNumber(runs.length, lang))}</span>
          <Button size="small" variant="ghost" onClick={onClear}>
            {t.unselect}
          </Button>
          <span className="ml-auto flex gap-2">
            <Button size="small" disabled={ended.length === 0} onClick={() => bulk.ask('rerun')}>
              {t.rerun(formatNumber(ended.length, lang))}
            </Button>
            <Button size="small" variant="danger" disabled={active.length === 0} onClick={() => bulk.ask('cancel')}>
              {t.cancel(formatNumber(active.length, lang))}
            </Button>
          </span>
        </div>
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
