'use client';

import { useInfiniteQuery, useQueries } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useMemo, useState, type ReactNode } from 'react';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { ErrorState, NoResults, EmptyState, SkeletonRows } from '@/components/ui/states';
import { useTranslations } from '@/lib/i18n';
import { useLive } from '@/lib/live/provider';
import type { RequestedDecision } from './decision-rules';
import { MessageTable } from './message-table';
import { NewMessagesPill } from './new-messages-pill';
import { PlanReportLink } from './plan-report-link';
import { isPendingMessage, messageQuery, outbox, type Message } from './queries';
import type { StateTab } from './search-params';
import { useStableList } from '@/components/table/stable-list';
import { translations } from './translations';

const DecisionDialog = dynamic(() => import('./decision-dialog').then((each) => each.DecisionDialog));

const FOLLOW_MS = 2_000;
/** The maximum number of rows that are read one by one after they left the list. */
const MAX_SINGLE_READS = 20;
const idOf = (message: Message) => message.id;

type Props = { state: StateTab; head: ReactNode; onClear: () => void };

/** The outbox; rows keep their places while their states change. */
export function Outbox({ state, head, onClear }: Props) {
  const t = useTranslations(translations);
  const isPaused = useLive().state === 'paused';
  const [asked, setAsked] = useState<RequestedDecision | null>(null);
  const list = useInfiniteQuery({
    ...outbox(state),
    refetchInterval: (query) =>
      !isPaused && query.state.data?.pages.some((page) => page.items.some(isPendingMessage)) ? FOLLOW_MS : false,
  });
  const read = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const steady = useStableList(read, idOf);
  const left = useQueries({
    queries: steady.missing.slice(0, MAX_SINGLE_READS).map((id) => ({ ...messageQuery(id, !isPaused), retry: false })),
    combine: (found) => new Map(found.flatMap(({ data }) => (data ? [[data.id, data] as const] : []))),
  });
  const rows = steady.rows.map((row) => left.get(row.id) ?? row);
  return (
    <div>
      <NewMessagesPill count={steady.newCount} onShow={steady.showNew} />
      <Card aria-label={t.outbox}>
        {head}
        {rows.length > 0 ? (
          <MessageTable
            messages={rows}
            onAsk={setAsked}
            onEnd={list.hasNextPage && !list.isFetching ? () => void list.fetchNextPage() : undefined}
            isLoadingMore={list.isFetchingNextPage}
          />
        ) : list.isPending ? (
          <SkeletonRows rows={10} />
        ) : list.isError ? (
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        ) : state === 'all' ? (
          <NoMessages />
        ) : (
          <NoResults onClear={onClear} />
        )}
        {asked && <DecisionDialog asked={asked} onClose={() => setAsked(null)} />}
      </Card>
    </div>
  );
}

function NoMessages() {
  const t = useTranslations(translations);
  return (
    <EmptyState icon={Send} title={t.none}>
      <p>{t.noneHint}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <ButtonLink href="/connectors">{t.connectors}</ButtonLink>
        <PlanReportLink />
      </div>
    </EmptyState>
  );
}
