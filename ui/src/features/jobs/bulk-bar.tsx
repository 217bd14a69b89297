'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { SelectionToolbar } from '@/components/bulk/selection-toolbar';
import { Button } from '@/components/ui/button';
import type { Job } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { toast } from '@/lib/toast';
import { jobsFor, useBulkJobs, type JobAction } from './bulk-actions';
import { jobsTranslations } from './translations';

const BulkActionDialog = dynamic(() => import('@/components/bulk/bulk-action-dialog').then((module) => module.BulkActionDialog), { ssr: false });
const ACTIONS: readonly JobAction[] = ['enable', 'disable', 'run'];
const MAX_NAMES = 8;

/** The actions on the selected jobs, with counts; empty if no job is selected. */
export function BulkBar({ jobs, onClear }: { jobs: readonly Job[]; onClear: () => void }) {
  const t = useTranslations(jobsTranslations);
  const lang = useLang();
  const router = useRouter();
  const number = (value: number) => formatNumber(value, lang);
  const bulk = useBulkJobs((action, count) => {
    const message = { enable: t.enableDone, disable: t.disableDone, run: t.runDone }[action](number(count));
    const link = action === 'run' ? { label: t.showRuns, onClick: () => router.push('/runs') } : undefined;
    if (count > 0) toast.success(message, { action: link });
    onClear();
  });
  if (jobs.length === 0 && bulk.state === null) return null;
  const action = bulk.state?.action ?? 'run';
  const affected = jobsFor(action, jobs);
  const skipped = jobs.length - affected.length;
  const title = { enable: t.enableTitle, disable: t.disableTitle, run: t.runTitle }[action];
  return (
    <>
      {jobs.length > 0 && (
        <SelectionToolbar count={jobs.length} onClear={onClear} className="sticky top-[var(--top-bar,48px)] z-20">
          {ACTIONS.map((each) => {
            const count = jobsFor(each, jobs).length;
            return (
              <Button key={each} size="small" disabled={count === 0} onClick={() => bulk.ask(each)}>
                {t[each](number(count))}
              </Button>
            );
          })}
        </SelectionToolbar>
      )}
      {bulk.state && (
        <BulkActionDialog
          state={bulk.state}
          title={title(number(affected.length), affected.length === 1)}
          action={t[action](number(affected.length))}
          onStart={() => void bulk.start(action, affected)}
          onClose={bulk.close}
        >
          <p>{{ enable: t.enableText, disable: t.disableText, run: t.runText }[action]}</p>
          <p className="text-text">
            {affected.slice(0, MAX_NAMES).map((job) => job.job_id).join(', ')}
            {affected.length > MAX_NAMES && ` ${t.andMore(number(affected.length - MAX_NAMES))}`}
          </p>
          {skipped > 0 && <p>{(action === 'enable' ? t.leftOn : t.leftOff)(number(skipped))}</p>}
        </BulkActionDialog>
      )}
    </>
  );
}
