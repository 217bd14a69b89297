'use client';

import { useQuery } from '@tanstack/react-query';
import { Archive, SearchX } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { StateBadge } from '@/components/state-badge';
import { Card } from '@/components/ui/card';
import { ButtonLink } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import { ErrorState, EmptyState, SkeletonRows } from '@/components/ui/states';
import { Tabs } from '@/components/ui/tabs';
import { toApiError } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { queries, type RunDetail } from '@/lib/api/queries';
import { Can } from '@/lib/session';
import { stateOf } from '@/lib/run-states';
import { RunActions } from './run-actions';
import { ErrorCard } from './error-card';
import { ResultHeader } from './result/result-header';
import { RunFacts } from './run-facts';
import { RunNotices } from './run-notices';
import { runTranslations } from './translations';

const TABS = ['timeline', 'logs', 'io', 'events'] as const;
// Each tab loads its own code.
const Timeline = dynamic(() => import('./timeline/timeline').then((module) => module.Timeline));
const LogsPanel = dynamic(() => import('./logs/logs-panel').then((module) => module.LogsPanel));
const IoTab = dynamic(() => import('./io-tab').then((module) => module.IoTab));
const EventList = dynamic(() => import('@/components/run-events').then((module) => module.EventList));

/** The page of a run: state, timeline, logs, inputs and result. */
export function RunPage({ runId }: { runId: string }) {
  const query = useQuery(queries.run(runId));
  if (query.data) return <RunView run={query.data} />;
  return (
    <Page title={<span className="break-all">{runId}</span>}>
      <Card>
        {query.isPending ? <SkeletonRows rows={8} /> : <NoRun error={query.error} onRetry={() => void query.refetch()} />}
      </Card>
    </Page>
  );
}

function RunView({ run }: { run: RunDetail }) {
  const t = useTranslations(runTranslations);
  const [tab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('timeline'));
  return (
    <Page
      lead={<StateBadge state={stateOf(run)} />}
      title={
        <Link href={`/jobs/${encodeURIComponent(run.job_id)}`} className="underline-offset-4 hover:underline">
          {run.job_id}
        </Link>
      }
      note={
        <span className="flex items-center gap-1">
          <code aria-label={t.run} className="font-mono break-all">
            {run.run_id}
          </code>
          <CopyButton text={run.run_id} />
        </span>
      }
      actions={
        <Can role="operator">
          <RunActions run={run} />
        </Can>
      }
    >
      <RunNotices run={run} />
      <ErrorCard run={run} />
      <ResultHeader run={run} />
      <RunFacts run={run} />
      <Tabs label={t.tabs} tabs={TABS.map((value) => ({ value, label: t[value] }))} value={tab} />
      {tab === 'timeline' && (
        <>
          <Timeline run={run} />
          <LogsPanel key={run.run_id} run={run} />
        </>
      )}
      {tab === 'logs' && <LogsPanel key={run.run_id} run={run} isTall />}
      {tab === 'io' && <IoTab run={run} />}
      {tab === 'events' && (
        <Card>
          <EventList runId={run.run_id} label={t.events} />
        </Card>
      )}
    </Page>
  );
}

/** A run that never existed (404) and a removed run (410) have their own texts; everything else is an error. */
function NoRun({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useTranslations(runTranslations);
  const problem = toApiError(error);
  const isGone = problem.status === 410;
  if (!isGone && problem.status !== 404) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <EmptyState icon={isGone ? Archive : SearchX} title={isGone ? t.gone : t.notFound}>
      <p>{problem.detail}</p>
      {!isGone && <p>{t.notFoundHint}</p>}
      <ButtonLink href="/runs">{t.toRuns}</ButtonLink>
    </EmptyState>
  );
}
