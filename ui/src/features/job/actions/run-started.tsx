'use client';

import { useQuery } from '@tanstack/react-query';
import { ArrowRight } from 'lucide-react';
import { StateBadge } from '@/components/state-badge';
import { Duration, Elapsed, RelativeTime } from '@/components/time';
import { ButtonLink } from '@/components/ui/button';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { firstLine, triesOf } from '@/lib/runs';
import { stateOf } from '@/lib/run-states';
import { runNowTranslations } from './run-now-translations';

/** The run that was just started, live. */
export function RunStarted({ runId }: { runId: string }) {
  const t = useTranslations(runNowTranslations);
  const { data: run, error, refetch } = useQuery(queries.run(runId));
  if (error && !run) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!run) return <Skeleton className="h-16" />;
  const { n, of } = triesOf(run);
  return (
    <div className="grid gap-3">
      <p className="text-sm text-text-2">{t.started}</p>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-card border px-3.5 py-3">
        <span role="status">
          <StateBadge state={stateOf(run)} />
        </span>
        <code className="font-mono text-xs break-all text-text-2">{run.run_id}</code>
        <span className="text-xs text-text-3">
          {run.status === 'running' && run.started_at !== null && (
            <>
              {t.since} <Elapsed from={run.started_at} />
            </>
          )}
          {run.status === 'scheduled' && run.due_at !== null && (
            <>
              {t.due} <RelativeTime at={run.due_at} />
            </>
          )}
          {run.duration_ms !== null && (
            <>
              {t.took} <Duration ms={run.duration_ms} />
            </>
          )}
          {n > 1 && ` · ${t.try(n, of)}`}
        </span>
        <ButtonLink size="small" className="ml-auto" href={`/runs/${encodeURIComponent(runId)}`}>
          {t.open}
          <ArrowRight aria-hidden className="size-3.5" />
        </ButtonLink>
        {run.error && (
          <p className="w-full text-xs break-words text-tone-text tone-fail">{firstLine(run.error.message)}</p>
        )}
      </div>
    </div>
  );
}
