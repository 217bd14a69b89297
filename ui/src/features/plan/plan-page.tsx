'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FileQuestion, Lock, TriangleAlert } from 'lucide-react';
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { useEffect, useRef, useState } from 'react';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { Command, ErrorState, EmptyState, SkeletonRows } from '@/components/ui/states';
import { ApiError, toApiError } from '@/lib/api/client';
import { cn } from '@/lib/cn';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { ApplyBar } from './apply-bar';
import { ApplyResult } from './apply-result';
import { useAgreements } from './certainty/use-agreements';
import { HighlightProvider } from './highlight';
import { InterpretationCard } from './interpretation-card';
import { JobCard } from './job-card';
import { questionsOf } from './notes/note-kinds';
import { PromptForm } from './prompt-form';
import { planQuery, storedPlanQuery, type Execution, type Plan } from './queries';
import { ChangeCard } from './session/change-card';
import { rowsOf } from './session/edits';
import { QuestionCard } from './session/question-card';
import { usePlanSession } from './session/use-plan-session';

const translations = defineTranslations(
  {
    title: 'Plan from a sentence',
    note: 'Describe the task, check the preview, apply it.',
    needs: 'Planning needs the role operator',
    needsHint: 'Your key can only read. Ask an admin for an operator key:',
    nothing: 'This sentence plans no job',
    nothingHint: 'Name a task and a time: watch an address or an account, report, back up, or send a message.',
    refused: 'The sentence was refused',
    unconfirmed: 'Not applied yet',
    unconfirmedHint: (jobs: string) => `Please check whether this is what you meant, then apply the plan: ${jobs}`,
  },
  {
    title: 'Rencana dari kalimat',
    note: 'Tuliskan, lihat hasilnya, lalu terapkan.',
    needs: 'Merencanakan butuh peran operator',
    needsHint: 'Kunci Anda hanya boleh membaca. Minta kunci operator ke admin:',
    nothing: 'Kalimat ini tidak menghasilkan job',
    nothingHint: 'Tuliskan apa dan kapan: pantau alamat atau akun, buat laporan, cadangkan, atau kirim pesan.',
    refused: 'Kalimat ditolak',
    unconfirmed: 'Belum diterapkan',
    unconfirmedHint: (jobs: string) => `Periksa dulu apakah memang ini yang dimaksud, lalu terapkan rencananya: ${jobs}`,
  },
);

export function PlanPage() {
  const t = useTranslations(translations);
  const canPlan = useCan('operator');
  return (
    <Page title={t.title} note={t.note}>
      {canPlan ? (
        <Planner />
      ) : (
        <Card>
          <EmptyState icon={Lock} title={t.needs}>
            <Command label={t.needsHint} text="multi-job keys create NAME --role operator" />
          </EmptyState>
        </Card>
      )}
    </Page>
  );
}

function Planner() {
  const client = useQueryClient();
  const [asked, setAsked] = useQueryStates(
    { prompt: parseAsString.withDefault(''), model: parseAsBoolean.withDefault(false), plan: parseAsString.withDefault('') },
    { history: 'push' },
  );
  const stored = useQuery(storedPlanQuery(asked.plan));
  const planned = useQuery(planQuery(asked.plan ? '' : asked.prompt, asked.model));
  const query = asked.plan ? stored : planned;
  const plan = query.data;
  const sentence = asked.plan ? (plan?.prompt ?? '') : asked.prompt;
  const [text, setText] = useState(sentence);
  const [said, setSaid] = useState(sentence);
  const [withModel, setWithModel] = useState(asked.model);
  // Back and forward bring another sentence, and so does a stored plan.
  if (sentence !== said) {
    setSaid(sentence);
    setText(sentence);
  }
  const submit = (prompt: string) => {
    setText(prompt);
    if (!asked.plan && prompt === asked.prompt && withModel === asked.model) {
      void query.refetch();
      return;
    }
    // An earlier plan may be out of date: request a new one.
    client.removeQueries({ queryKey: planQuery(prompt, withModel).queryKey });
    void setAsked({ prompt, model: withModel, plan: '' });
  };
  const isStale = text.trim() !== sentence;
  return (
    <>
      <PromptForm
        value={text}
        onChange={setText}
        withModel={withModel}
        onWithModel={setWithModel}
        isPlanned={!isStale && plan !== undefined}
        isPending={query.isFetching}
        showExamples={sentence === '' || plan?.jobs.length === 0}
        onPlan={submit}
      />
      {query.isError && <Refusal error={query.error} onRetry={() => void query.refetch()} />}
      {query.isPending && query.isFetching && (
        <Card>
          <SkeletonRows rows={4} />
        </Card>
      )}
      {plan && !query.isError && (
        <PlanView
          key={plan.plan_id}
          root={plan}
          isStale={isStale}
          onReplan={() => submit(sentence)}
        />
      )}
    </>
  );
}

type ViewProps = {
  root: Plan;
  isStale: boolean;
  onReplan: () => void;
};

/** A plan, and what it becomes by answers and edits until it is applied. */
function PlanView({ root, isStale, onReplan }: ViewProps) {
  const t = useTranslations(translations);
  const session = usePlanSession(root);
  const agreements = useAgreements();
  const [done, setDone] = useState<Execution | null>(null);
  const [unconfirmed, setUnconfirmed] = useState<string[]>([]);
  const top = useRef<HTMLDivElement>(null);
  const { current, base, edits, isPending } = session;
  const rows = rowsOf(base, edits, current);
  const isAsked = questionsOf(current.notes).length > 0;
  const onApplied = (execution: Execution) => {
    const waiting = execution.results.filter((result) => result.create_status === 'needs_confirmation').map((result) => result.job_id);
    setUnconfirmed(waiting);
    if (waiting.length === 0) setDone(execution);
  };
  // The control that asked may be gone with the earlier plan: the keyboard goes on at the new one.
  useEffect(() => {
    if (document.activeElement === document.body && current !== root) top.current?.focus({ preventScroll: true });
  }, [current, root]);
  return (
    <HighlightProvider>
      <div ref={top} tabIndex={-1} aria-busy={isPending} className={cn('grid gap-4 outline-none', isPending && 'opacity-60')}>
        {done && <ApplyResult execution={done} />}
        {unconfirmed.length > 0 && <Unconfirmed jobs={unconfirmed} />}
        <InterpretationCard plan={current} />
        {!done && <QuestionCard session={session} />}
        {rows.map((row) => (
          <JobCard key={row.id} row={row} session={session} agreements={agreements} isDone={done !== null} />
        ))}
        {base.jobs.length === 0 && !isAsked && (
          <Card>
            <EmptyState icon={FileQuestion} title={t.nothing}>
              <p>{t.nothingHint}</p>
            </EmptyState>
          </Card>
        )}
        {!done && <ChangeCard session={session} />}
      </div>
      {(base.jobs.length > 0 || isAsked) && !done && (
        <ApplyBar session={session} rows={rows} agreed={agreements.agreed} isStale={isStale} onReplan={onReplan} onApplied={onApplied} />
      )}
    </HighlightProvider>
  );
}

/** The API has not applied the plan: it asks whether this is what was meant. */
function Unconfirmed({ jobs }: { jobs: readonly string[] }) {
  const t = useTranslations(translations);
  return (
    <Card className="border-tone tone-retry">
      <div role="alert" className="flex gap-2 px-4 py-3 text-sm">
        <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" />
        <div className="min-w-0">
          <p className="font-semibold">{t.unconfirmed}</p>
          <p className="break-words text-text-2">{t.unconfirmedHint(jobs.join(', '))}</p>
        </div>
      </div>
    </Card>
  );
}

/** A refused prompt shows the reason; other errors look as on every page. */
function Refusal({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useTranslations(translations);
  const problem: ApiError = toApiError(error);
  return (
    <Card>
      {problem.status === 422 ? (
        <div role="alert">
          <EmptyState icon={FileQuestion} title={t.refused}>
            <p>{problem.detail}</p>
            <ul className="grid gap-1">
              {problem.fields.map((field) => (
                <li key={`${field.pointer}${field.code}`}>{field.message}</li>
              ))}
            </ul>
          </EmptyState>
        </div>
      ) : (
        <ErrorState error={error} onRetry={onRetry} />
      )}
    </Card>
  );
}
