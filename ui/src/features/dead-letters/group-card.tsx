'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { ChevronDown, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { RemedyRow } from '@/components/remedy/remedy-button';
import { RunTable } from '@/components/run-table/run-table';
import { RelativeTime } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { useLang, useTranslations } from '@/lib/i18n';
import { Can, useCan } from '@/lib/session';
import { RUN_STATES } from '@/lib/run-states';
import { formatNumber } from '@/lib/time';
import type { DeadLetterAction } from './action-dialog';
import { deadLetterRuns, type Group } from './queries';
import { deadLetterTranslations } from './translations';

type Props = { group: Group; isOpen: boolean; onToggle: () => void; onAction: (action: DeadLetterAction) => void };

/** The dead letters of one error: the error, the affected jobs, and actions on all of them. */
export function GroupCard({ group, isOpen, onToggle, onAction }: Props) {
  const t = useTranslations(deadLetterTranslations);
  const lang = useLang();
  const Chevron = isOpen ? ChevronDown : ChevronRight;
  const message = group.error?.message ?? t.unknownError;
  const count = formatNumber(group.count, lang);
  const selection = { fingerprint: group.fingerprint };
  return (
    <Card data-fingerprint={group.fingerprint}>
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3 px-3.5 py-3">
        <button
          type="button"
          aria-expanded={isOpen}
          aria-label={`${isOpen ? t.hide : t.show}: ${message}`}
          onClick={onToggle}
          className="-m-1 grid size-7 shrink-0 place-items-center rounded-control text-text-3 hover:bg-hover hover:text-text"
        >
          <Chevron aria-hidden className="size-4" />
        </button>
        <div className="grid min-w-0 flex-1 basis-56 gap-1.5">
          <div className="flex flex-wrap items-center gap-2">
            <Badge tone="fail" icon={RUN_STATES.dead_letter.icon}>
              {group.count === 1 ? t.oneRun : t.runs(count)}
            </Badge>
            {group.error && <code className="font-mono text-xs text-text-2">{group.error.code}</code>}
            {group.error && (
              <span className="text-xs text-text-3">{group.error.retryable ? t.retryable : t.final}</span>
            )}
          </div>
          <h2 className="text-sm font-medium break-words">{message}</h2>
          <p className="flex flex-wrap gap-x-3 gap-y-1 text-xs text-text-3">
            {group.jobs.map((job) => (
              <Link key={job} href={`/jobs/${encodeURIComponent(job)}`} className="text-text-2 underline-offset-2 hover:underline">
                {job}
              </Link>
            ))}
            {group.first_at && group.count > 1 && (
              <span>
                {t.first} <RelativeTime at={group.first_at} />
              </span>
            )}
            {group.last_at && (
              <span>
                {t.last} <RelativeTime at={group.last_at} />
              </span>
            )}
          </p>
          <RemedyRow remedies={group.actions.filter(({ action }) => action !== 'redrive')} />
        </div>
        <Can role="operator">
          <div className="flex shrink-0 gap-2 max-sm:w-full">
            <Button onClick={() => onAction({ kind: 'redrive', selection })}>{group.count === 1 ? t.redrive : t.redriveAll}</Button>
            <Button variant="danger" onClick={() => onAction({ kind: 'discard', selection })}>
              {group.count === 1 ? t.discard : t.discardAll}
            </Button>
          </div>
        </Can>
      </div>
      {isOpen && <GroupRuns fingerprint={group.fingerprint} onAction={onAction} />}
    </Card>
  );
}

function GroupRuns({ fingerprint, onAction }: { fingerprint: string; onAction: (action: DeadLetterAction) => void }) {
  const t = useTranslations(deadLetterTranslations);
  const lang = useLang();
  const canWork = useCan('operator');
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { data, error, refetch, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(deadLetterRuns(fingerprint));
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (isPending) return <SkeletonRows rows={3} />;
  const runs = data.pages.flatMap((page) => page.items);
  // Letters that were decided elsewhere are no longer selected here.
  const chosen = runs.filter((run) => selected.has(run.run_id)).map((run) => run.run_id);
  const count = formatNumber(chosen.length, lang);
  return (
    <div className="border-t">
      {chosen.length > 0 && (
        <div className="flex flex-wrap items-center gap-2 border-b bg-raised px-3.5 py-1.5">
          <span className="text-xs text-text-2">{t.selected(count)}</span>
          <Button size="small" onClick={() => onAction({ kind: 'redrive', selection: { run_ids: chosen } })}>
            {t.redriveN(count)}
          </Button>
          <Button size="small" variant="danger" onClick={() => onAction({ kind: 'discard', selection: { run_ids: chosen } })}>
            {t.discardN(count)}
          </Button>
          <Button size="small" variant="ghost" onClick={() => setSelected(new Set())}>
            {t.clear}
          </Button>
        </div>
      )}
      <RunTable
        label={t.table}
        runs={runs}
        selection={canWork ? { selected, onChange: setSelected } : undefined}
        onEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
        isLoadingMore={isFetchingNextPage}
      />
    </div>
  );
}
