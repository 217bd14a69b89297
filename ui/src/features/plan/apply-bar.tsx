'use client';

import { RefreshCw, TriangleAlert } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Checkbox } from '@/components/ui/field';
import { cn } from '@/lib/cn';
import { api, newIdempotencyKey, unwrap, type ApiError } from '@/lib/api/client';
import { useAction } from '@/lib/api/use-action';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { TONE_CLASS } from '@/lib/run-states';
import { ChangeBadge } from './change-badge';
import { changeSummary } from './change-summary';
import { countChanges, type Execution, type Plan } from './queries';

const ConfirmDialog = dynamic(() => import('@/components/ui/confirm-dialog').then((module) => module.ConfirmDialog), { ssr: false });

const translations = defineTranslations(
  {
    apply: 'Apply…',
    now: 'Run each once now',
    changed: 'The sentence has changed: plan it again first.',
    nothing: 'Everything is already set up. Run it once now, or change the sentence.',
    runAction: (n: number) => (n === 1 ? 'Run 1 job now' : `Run ${n} jobs now`),
    title: 'Apply this plan?',
    runs: (n: number) => (n === 1 ? '1 job starts at once.' : `${n} jobs start at once.`),
    noRuns: 'No job starts at once: each waits for its next time.',
    outdated: 'Someone has changed these jobs since the plan was created',
    gone: 'This plan has expired: plans are kept for an hour',
    again: 'Plan again',
    trace: 'Trace id',
  },
  {
    apply: 'Terapkan…',
    now: 'Jalankan sekali sekarang',
    changed: 'Kalimat sudah berubah: rencanakan lagi dahulu.',
    nothing: 'Semuanya sudah sesuai. Jalankan sekali sekarang, atau ubah kalimatnya.',
    runAction: (n: number) => `Jalankan ${n} job sekarang`,
    title: 'Terapkan rencana ini?',
    runs: (n: number) => `${n} job langsung berjalan.`,
    noRuns: 'Tidak ada yang langsung berjalan: tiap job menunggu waktunya.',
    outdated: 'Ada yang mengubah job ini sejak rencana dibuat',
    gone: 'Rencana ini sudah kedaluwarsa: rencana disimpan satu jam',
    again: 'Rencanakan lagi',
    trace: 'Id jejak',
  },
);

type Props = {
  plan: Plan;
  /** The prompt differs from the planned one. */
  isStale: boolean;
  onReplan: () => void;
  onApplied: (plan: Plan, execution: Execution) => void;
};

/** The effect of applying the plan, and the button for it, which asks first. */
export function ApplyBar({ plan, isStale, onReplan, onApplied }: Props) {
  const t = useTranslations(translations);
  const lang = useLang();
  const [runNow, setRunNow] = useState(false);
  // One idempotency key for one action: a request that is repeated after a lost response has one effect.
  const [act, setAct] = useState<string | null>(null);
  const counts = countChanges(plan);
  const starting = plan.jobs.filter((job) => runNow || !job.job_spec.schedule).length;
  const isIdle = counts.create + counts.update + starting === 0;
  const execute = useAction({
    quiet: true,
    run: (key: string) =>
      unwrap(
        api.POST('/planner/execute', {
          body: { plan_id: plan.plan_id, run_immediately: runNow, wait_seconds: 0 },
          params: { header: { 'Idempotency-Key': key } },
        }),
      ),
    onSuccess: (execution) => onApplied(plan, execution),
    onSettled: () => setAct(null),
  });
  return (
    <div className="sticky bottom-3 z-20 grid gap-2 rounded-card border border-border-strong bg-surface px-4 py-3">
      {execute.error && <Refused error={execute.error} onReplan={onReplan} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="min-w-0 text-sm font-semibold">{changeSummary(counts, lang)}</p>
        <label className="flex items-center gap-2 text-sm text-text-2 sm:ml-auto">
          <Checkbox checked={runNow} onChange={(event) => setRunNow(event.target.checked)} />
          {t.now}
        </label>
        <Button variant="primary" disabled={isStale || isIdle} pending={execute.isPending} onClick={() => setAct(newIdempotencyKey())}>
          {t.apply}
        </Button>
      </div>
      {(isStale || isIdle) && <p className="text-xs text-text-3">{isStale ? t.changed : t.nothing}</p>}
      {act !== null && (
        <ConfirmDialog
          onClose={() => setAct(null)}
          title={t.title}
          action={counts.create + counts.update > 0 ? changeSummary({ ...counts, unchanged: 0 }, lang) : t.runAction(starting)}
          pending={execute.isPending}
          onConfirm={() => execute.mutate(act)}
        >
          <ul className="grid gap-1.5">
            {plan.jobs.map((job) => (
              <li key={job.job_spec.job_id} className="flex flex-wrap items-center gap-2 text-text">
                <ChangeBadge change={job.change} />
                <span className="break-all">{job.job_spec.job_id}</span>
              </li>
            ))}
          </ul>
          <p>{starting > 0 ? t.runs(starting) : t.noRuns}</p>
        </ConfirmDialog>
      )}
    </div>
  );
}

/** Why nothing was applied. If jobs have changed meanwhile, a click creates a new plan. */
function Refused({ error, onReplan }: { error: ApiError; onReplan: () => void }) {
  const t = useTranslations(translations);
  const isOld = error.code === 'plan_outdated' || error.code === 'plan_not_found';
  const title = error.code === 'plan_outdated' ? t.outdated : error.code === 'plan_not_found' ? t.gone : error.title;
  return (
    <div role="alert" className={cn('flex flex-wrap items-start gap-x-3 gap-y-2 border-b pb-2.5', TONE_CLASS.fail)}>
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" />
      <div className="min-w-0 flex-1 text-sm">
        <p className="font-semibold">{title}</p>
        <p className="break-words text-text-2">{error.detail}</p>
        {!isOld && error.traceId && (
          <p className="flex items-center gap-1 text-xs text-text-3">
            {t.trace} <code className="font-mono">{error.traceId}</code>
            <CopyButton text={error.traceId} />
          </p>
        )}
      </div>
      {isOld && (
        <Button onClick={onReplan}>
          <RefreshCw aria-hidden className="size-3.5" />
          {t.again}
        </Button>
      )}
    </div>
  );
}
