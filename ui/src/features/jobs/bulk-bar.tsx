'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { toast } from '@/lib/toast';
import { Button } from '@/components/ui/button';
import { useLang, useTranslations } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { formatNumber } from '@/lib/time';
import { jobsFor, useBulkAction, type BulkAction } from './use-bulk-action';
import { jobsTranslations } from './translations';

const BulkDialog = dynamic(() => import('./bulk-dialog').then((module) => module.BulkDialog), { ssr: false });
const ACTS: readonly BulkAction[] = ['enable', 'disable', 'run'];

/** What can be done with the selected jobs, with counts; nothing where none is selected. */
export function BulkBar({ jobs, onClear }: { jobs: readonly Job[]; onClear: () => void }) {
  const t = useTranslations(jobsTranslations);
  const lang = useLang();
  const router = useRouter();
  const bulk = useBulkAction((act, count) => {
    const message = { enable: t.enableDone, disable: t.disableDone, run: t.runDone }[act](formatNumber(count, lang));
    const action = act === 'run' ? { label: t.showRuns, onClick: () => router.push('/runs') } : undefined;
    if (count > 0) toast.success(message, { action });
    onClear();
  });
  if (jobs.length === 0 && bulk.state === null) return null;
  const selected = t.selected(formatNumber(jobs.length, lang));
  return (
    <>
      {jobs.length > 0 && (
        <div role="toolbar" aria-label={selected} className="sticky top-12 z-20 flex flex-wrap items-center gap-2 border-b bg-raised px-3.5 py-1.5">
          <span className="font-medium">{selected}</span>
          <Button size="small" variant="ghost" onClick={onClear}>
            {t.unselect}
          </Button>
          <span className="ml-auto flex flex-wrap gap-2">
            {ACTS.map((act) => {
              const count = jobsFor(act, jobs).length;
              return (
                <Button key={act} size="small" disabled={count === 0} onClick={() => bulk.ask(act)}>
                  {t[act](formatNumber(count, lang))}
                </Button>
              );
            })}
          </span>
        </div>
      )}
      {bulk.state && <BulkDialog state={bulk.state} selected={jobs} onStart={bulk.start} onClose={bulk.close} />}
    </>
  );
}
