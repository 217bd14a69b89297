'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { CircleCheck } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryStates } from 'nuqs';
import { useState } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { SearchBox } from '@/components/ui/search-box';
import { Page } from '@/components/ui/page';
import { ErrorState, NoResults, EmptyState, SkeletonRows } from '@/components/ui/states';
import { useLang, useTranslations } from '@/lib/i18n';
import { Can } from '@/lib/session';
import { formatNumber } from '@/lib/time';
import type { DeadLetterAction } from './action-dialog';
import { GroupCard } from './group-card';
import type { DeadLetterOutcome } from './outcome-dialog';
import { deadLetterGroups } from './queries';
import { deadLetterTranslations } from './translations';

const DeadLetterActionDialog = dynamic(() => import('./action-dialog').then((module) => module.DeadLetterActionDialog), { ssr: false });
const OutcomeDialog = dynamic(() => import('./outcome-dialog').then((module) => module.OutcomeDialog), { ssr: false });

/** Runs that failed for good, grouped by error: run them again or discard them. */
export function DeadLettersPage() {
  const t = useTranslations(deadLetterTranslations);
  const lang = useLang();
  const [{ job, open }, setSearch] = useQueryStates({ job: parseAsString, open: parseAsString });
  const [action, setAction] = useState<DeadLetterAction | null>(null);
  const [outcome, setOutcome] = useState<DeadLetterOutcome | null>(null);
  const { data, error, refetch, isPending, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(deadLetterGroups(job));
  const groups = data?.pages.flatMap((page) => page.items) ?? [];
  // All matching dead letters, not only those of the loaded groups.
  const count = data?.pages[0]?.total ?? 0;
  const selection = { filter: job ? { job_id: job } : {} };
  // A single group is open at once; of several, the URL holds the open one.
  const openOne = open ?? (groups.length === 1 ? groups[0]?.fingerprint : null);
  const isEmpty = data !== undefined && groups.length === 0;
  return (
    <Page
      title={t.title}
      note={t.note}
      actions={
        (job || groups.length > 1) &&
        count > 0 && (
          <Can role="operator">
            <Button onClick={() => setAction({ kind: 'redrive', selection })}>
              {t.redriveN(formatNumber(count, lang))}
            </Button>
            <Button variant="danger" onClick={() => setAction({ kind: 'discard', selection })}>
              {t.discardN(formatNumber(count, lang))}
            </Button>
          </Can>
        )
      }
    >
      {(!isEmpty || job) && (
        <SearchBox
          value={job ?? ''}
          onChange={(value) => void setSearch({ job: value || null, open: null }, { history: 'replace' })}
          placeholder={t.job}
        />
      )}
      {isPending && (
        <Card>
          <SkeletonRows rows={4} />
        </Card>
      )}
      {error && !data && (
        <Card>
          <ErrorState error={error} onRetry={() => void refetch()} />
        </Card>
      )}
      {isEmpty && (
        <Card>
          {job ? (
            <NoResults onClear={() => void setSearch({ job: null, open: null })} />
          ) : (
            <EmptyState icon={CircleCheck} title={t.none}>
              <p>{t.noneHint}</p>
              <ButtonLink href="/runs?status=failed">{t.toRuns}</ButtonLink>
            </EmptyState>
          )}
        </Card>
      )}
      {groups.map((group) => (
        <GroupCard
          key={group.fingerprint}
          group={group}
          isOpen={group.fingerprint === openOne}
          onToggle={() => void setSearch({ open: group.fingerprint === openOne ? '' : group.fingerprint })}
          onAction={setAction}
        />
      ))}
      {hasNextPage && (
        <Button className="justify-self-center" pending={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          …
        </Button>
      )}
      {action && (
        <DeadLetterActionDialog
          action={action}
          onClose={() => setAction(null)}
          onOutcome={(done) => {
            setAction(null);
            setOutcome(done);
          }}
        />
      )}
      {outcome && <OutcomeDialog outcome={outcome} jobId={job} onClose={() => setOutcome(null)} />}
    </Page>
  );
}
