'use client';

import { CornerUpLeft, RefreshCw, TriangleAlert } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Checkbox } from '@/components/ui/field';
import { cn } from '@/lib/cn';
import { api, newIdempotencyKey, unwrap, type ApiError } from '@/lib/api/client';
import { useAction } from '@/lib/api/use-action';
import { useLang, useTranslations } from '@/lib/i18n';
import { TONE_CLASS } from '@/lib/run-states';
import { applyTranslations } from './apply-translations';
import { ChangeBadge } from './change-badge';
import { changeSummary } from './change-summary';
import { CertaintyBadge } from './certainty/certainty-badge';
import { checkText, fieldName, fieldTranslations } from './certainty/field-names';
import { standingOf, type Agreed, type Standing } from './certainty/standing';
import { questionsOf } from './notes/note-kinds';
import { countChanges, countStarting, isSaved, type Execution, type PlannedJob } from './queries';
import type { Row } from './session/edits';
import { focusQuestion } from './session/question';
import type { PlanSession } from './session/use-plan-session';

const ConfirmDialog = dynamic(() => import('@/components/ui/confirm-dialog').then((module) => module.ConfirmDialog), { ssr: false });

type Props = {
  /** While it changes, what is shown is not what would be applied. */
  session: PlanSession;
  rows: readonly Row[];
  agreed: Agreed;
  /** The prompt differs from the planned one. */
  isStale: boolean;
  onReplan: () => void;
  onApplied: (execution: Execution) => void;
};

/** The effect of applying the plan, and the button for it, which asks first. */
export function ApplyBar({ session, rows, agreed, isStale, onReplan, onApplied }: Props) {
  const t = useTranslations(applyTranslations);
  const names = useTranslations(fieldTranslations);
  const lang = useLang();
  const [runNow, setRunNow] = useState(false);
  // One idempotency key for one action: a request that is repeated after a lost response has one effect.
  const [act, setAct] = useState<string | null>(null);
  const plan = session.current;
  const counts = countChanges(plan.jobs);
  const jobs = rows.flatMap(({ id, job }) => (job ? [{ job, standing: standingOf(job, plan.notes, session.edits[id], agreed) }] : []));
  const doubted = jobs.find(({ standing }) => standing.kind === 'doubt')?.job.job_spec.job_id;
  const toCheck = jobs.flatMap(({ job, standing }) => (standing.kind === 'check' ? standing.fields.map((field) => fieldName(field, job, names)) : []));
  const starting = countStarting(plan.jobs, runNow);
  const isIdle = plan.jobs.length === counts.unchanged && starting === 0;
  const question = questionsOf(plan.notes)[0];
  const asked = question ? t.question(question.job) : doubted ? t.doubt(doubted) : null;
  const held = isStale ? t.changed : (asked ?? (plan.jobs.length === 0 ? t.empty : isIdle ? t.nothing : null));
  const execute = useAction({
    quiet: true,
    run: (key: string) =>
      unwrap(
        api.POST('/planner/execute', {
          body: { plan_id: plan.plan_id, run_immediately: runNow, wait_seconds: 0 },
          params: { header: { 'Idempotency-Key': key } },
        }),
      ),
    onSuccess: onApplied,
    onSettled: () => setAct(null),
  });
  const summary = changeSummary(counts, lang);
  return (
    <div className="sticky bottom-3 z-20 grid gap-2 rounded-card border border-border-strong bg-surface px-4 py-3">
      {execute.error && <Refused error={execute.error} onReplan={onReplan} />}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p role="status" className="min-w-0 text-sm font-semibold">
          {summary || t.none}
        </p>
        {plan.jobs.some((job) => isSaved(job.change)) && (
          <label className="flex items-center gap-2 text-sm text-text-2 sm:ml-auto">
            <Checkbox checked={runNow} onChange={(event) => setRunNow(event.target.checked)} />
            {t.now}
          </label>
        )}
        <Button
          variant="primary"
          className="not-[label+&]:sm:ml-auto"
          disabled={held !== null || session.isPending}
          pending={execute.isPending}
          aria-describedby={held === null ? undefined : 'apply-held'}
          onClick={() => setAct(newIdempotencyKey())}
        >
          {held === null && toCheck.length > 0 ? t.checkAndApply(checkText(toCheck, names)) : t.apply}
        </Button>
      </div>
      {held !== null && (
        <p id="apply-held" role="status" className="flex flex-wrap items-center gap-x-2 gap-y-1 text-xs text-text-2">
          {held}
          {asked && !isStale && (
            <Button size="small" onClick={focusQuestion}>
              <CornerUpLeft aria-hidden className="size-3" />
              {question ? t.toQuestion : t.toDoubt}
            </Button>
          )}
        </p>
      )}
      {act !== null && (
        <ConfirmDialog
          onClose={() => setAct(null)}
          title={t.title}
          danger={counts.delete > 0}
          action={plan.jobs.length > counts.unchanged ? changeSummary({ ...counts, unchanged: 0 }, lang) : t.runAction(starting)}
          pending={execute.isPending}
          onConfirm={() => execute.mutate(act)}
        >
          <JobList jobs={jobs} />
          <p>{starting > 0 ? t.runs(starting) : t.noRuns}</p>
          {counts.delete > 0 && <Warning>{t.deletes(counts.delete)}</Warning>}
        </ConfirmDialog>
      )}
    </div>
  );
}

function JobList({ jobs }: { jobs: readonly { job: PlannedJob; standing: Standing }[] }) {
  return (
    <ul className="grid gap-1.5">
      {jobs.map(({ job, standing }) => (
        <li key={job.job_spec.job_id} className="flex flex-wrap items-center gap-2 text-text">
          <ChangeBadge change={job.change} />
          <span className="break-all">{job.job_spec.job_id}</span>
          {standing.kind === 'check' && <CertaintyBadge job={job} standing={standing} />}
        </li>
      ))}
    </ul>
  );
}

function Warning({ children }: { children: ReactNode }) {
  return (
    <p className="flex gap-2 font-medium text-tone-text tone-fail">
      <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" />
      {children}
    </p>
  );
}

/** Why nothing was applied. If jobs have changed meanwhile, a click creates a new plan. */
function Refused({ error, onReplan }: { error: ApiError; onReplan: () => void }) {
  const t = useTranslations(applyTranslations);
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
