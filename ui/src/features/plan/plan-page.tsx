'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { FileQuestion, Lock } from 'lucide-react';
import { parseAsBoolean, parseAsString, useQueryStates } from 'nuqs';
import { useState } from 'react';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { Command, ErrorState, EmptyState, SkeletonRows } from '@/components/ui/states';
import { ApiError, toApiError } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { ApplyResult } from './apply-result';
import { ApplyBar } from './apply-bar';
import { HighlightProvider } from './highlight';
import { JobCard } from './job-card';
import { planQuery, type Execution, type Plan } from './queries';
import { PromptForm } from './prompt-form';
import { InterpretationCard } from './interpretation-card';

const translations = defineTranslations(
  {
    title: 'Plan from a sentence',
    note: 'Describe the task, check the preview, apply it.',
    needs: 'Planning needs the role operator',
    needsHint: 'Your key can only read. Ask an admin for an operator key:',
    nothing: 'This sentence plans no job',
    nothingHint: 'Name a task and a time: watch an address or an account, report, back up, or send a message.',
    refused: 'The sentence was refused',
  },
  {
    title: 'Rencana dari kalimat',
    note: 'Tuliskan, lihat hasilnya, lalu terapkan.',
    needs: 'Merencanakan butuh peran operator',
    needsHint: 'Kunci Anda hanya boleh membaca. Minta kunci operator ke admin:',
    nothing: 'Kalimat ini tidak menghasilkan job',
    nothingHint: 'Tuliskan apa dan kapan: pantau alamat atau akun, buat laporan, cadangkan, atau kirim pesan.',
    refused: 'Kalimat ditolak',
  },
);

type Done = { planId: string; execution: Execution };

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
    { prompt: parseAsString.withDefault(''), model: parseAsBoolean.withDefault(false) },
    { history: 'push' },
  );
  const [text, setText] = useState(asked.prompt);
  const [said, setSaid] = useState(asked.prompt);
  const [withModel, setWithModel] = useState(asked.model);
  const [done, setDone] = useState<Done | null>(null);
  // Back and forward bring another sentence.
  if (asked.prompt !== said) {
    setSaid(asked.prompt);
    setText(asked.prompt);
  }
  const query = useQuery(planQuery(asked.prompt, asked.model));
  const plan = query.data;
  const submit = (prompt: string) => {
    setText(prompt);
    if (prompt === asked.prompt && withModel === asked.model) {
      void query.refetch();
      return;
    }
    // An earlier plan may be out of date: request a new one.
    client.removeQueries({ queryKey: planQuery(prompt, withModel).queryKey });
    void setAsked({ prompt, model: withModel });
  };
  const isStale = text.trim() !== asked.prompt;
  return (
    <>
      <PromptForm
        value={text}
        onChange={setText}
        withModel={withModel}
        onWithModel={setWithModel}
        isPlanned={!isStale && plan !== undefined}
        isPending={query.isFetching}
        showExamples={asked.prompt === '' || plan?.jobs.length === 0}
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
          plan={plan}
          isStale={isStale}
          done={done?.planId === plan.plan_id ? done.execution : null}
          onReplan={() => void query.refetch()}
          onApplied={(applied, execution) => setDone({ planId: applied.plan_id, execution })}
        />
      )}
    </>
  );
}

type ViewProps = {
  plan: Plan;
  isStale: boolean;
  done: Execution | null;
  onReplan: () => void;
  onApplied: (plan: Plan, execution: Execution) => void;
};

function PlanView({ plan, isStale, done, onReplan, onApplied }: ViewProps) {
  const t = useTranslations(translations);
  return (
    <HighlightProvider>
      {done && <ApplyResult execution={done} />}
      <InterpretationCard plan={plan} />
      {plan.jobs.map((job) => (
        <JobCard key={job.job_spec.job_id} job={job} plan={plan} />
      ))}
      {plan.jobs.length === 0 && (
        <Card>
          <EmptyState icon={FileQuestion} title={t.nothing}>
            <p>{t.nothingHint}</p>
          </EmptyState>
        </Card>
      )}
      {plan.jobs.length > 0 && !done && (
        <ApplyBar plan={plan} isStale={isStale} onReplan={onReplan} onApplied={onApplied} />
      )}
    </HighlightProvider>
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
