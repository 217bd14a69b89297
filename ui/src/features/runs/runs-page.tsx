'use client';

import { useQuery } from '@tanstack/react-query';
import { Activity } from 'lucide-react';
import { Link } from '@/components/ui/link';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo, useState } from 'react';
import { NewRunsPill } from '@/components/run-table/new-runs-pill';
import { RunTable } from '@/components/run-table/run-table';
import { useRunList } from '@/components/run-table/use-run-list';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { Command, ErrorState, NoResults, EmptyState, SkeletonRows } from '@/components/ui/states';
import { Tabs } from '@/components/ui/tabs';
import { useLang, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { Can, useCan } from '@/lib/session';
import { RUN_STATES } from '@/lib/run-states';
import { formatNumber } from '@/lib/time';
import { BulkBar } from './bulk-bar';
import { RetentionNote } from './retention-note';
import { RunFilters } from './run-filters';
import { SearchProgress } from './search-progress';
import { RUN_TABS, matchesFilter, isNarrowed, runFilter, type RunsSearch } from './search-params';
import { runsSearch } from './search-params-client';
import { runsTranslations } from './translations';

const NONE: ReadonlySet<string> = new Set();

/** The list of runs; `openedAt` is the time of the request: periods end there. */
export function RunsPage({ openedAt }: { openedAt: number }) {
  const t = useTranslations(runsTranslations);
  const lang = useLang();
  const [search, setSearch] = useQueryStates(runsSearch, { history: 'push' });
  const filter = useMemo(() => runFilter(search, openedAt), [search, openedAt]);
  const isNarrow = isNarrowed(search);
  const clear = useCallback(() => void setSearch(null), [setSearch]);
  const change = useCallback((next: Partial<RunsSearch>) => void setSearch(next), [setSearch]);
  const counts = useQuery(queries.runCounts()).data;
  const number = (value: number) => formatNumber(value, lang);
  const tabs = RUN_TABS.map((value) => ({
    value,
    label: value === 'all' ? t.all : RUN_STATES[value].label[lang],
    // Counts are of the whole deployment: with a filter they would be misleading.
    count: counts && !isNarrow && value !== 'all' ? number(counts[value]) : undefined,
  }));
  return (
    <Page
      title={t.title}
      note={
        counts !== undefined &&
        counts.dead_letters > 0 && (
          <Link href="/dead-letters" className="text-tone-text underline-offset-2 tone-fail hover:underline">
            {t.deadLetters(number(counts.dead_letters))}
          </Link>
        )
      }
    >
      <Tabs label={t.tabs} tabs={tabs} value={search.status} param="status" />
      <RunList
        key={JSON.stringify(filter)}
        filter={filter}
        filters={<RunFilters search={search} onChange={change} onClear={isNarrow ? clear : undefined} />}
        onClear={isNarrow || search.status !== 'all' ? clear : undefined}
      />
      <RetentionNote />
    </Page>
  );
}

type ListProps = { filter: ReturnType<typeof runFilter>; filters: React.ReactNode; onClear?: () => void };

function RunList({ filter, filters, onClear }: ListProps) {
  const t = useTranslations(runsTranslations);
  const canAct = useCan('operator');
  const [selected, setSelected] = useState(NONE);
  const list = useRunList({ list: queries.runs(filter), fits: (event) => matchesFilter(event, filter) });
  const { runs } = list;
  const chosen = useMemo(
    () => (selected.size === 0 ? [] : runs.filter((run) => selected.has(run.run_id))),
    [runs, selected],
  );
  return (
    <div>
      <NewRunsPill count={list.newCount} onShow={list.showNew} isPending={list.isShowing} />
      <Card aria-label={t.title}>
        {filters}
        {list.search && <SearchProgress search={list.search} isPending={list.isPending} isText={filter.q !== undefined} />}
        <BulkBar runs={chosen} filter={filter} onClear={() => setSelected(NONE)} />
        {list.isPending ? (
          <SkeletonRows rows={12} />
        ) : runs.length > 0 ? (
          <RunTable
            label={t.title}
            runs={runs}
            selection={canAct ? { selected, onChange: setSelected } : undefined}
            onEnd={list.onEnd}
            isLoadingMore={list.isLoadingMore}
          />
        ) : list.error ? (
          <ErrorState error={list.error} onRetry={list.retry} />
        ) : list.hasMore ? (
          <p className="px-3.5 py-12 text-center text-sm text-text-2">{list.search?.isHeld ? t.noneYet : t.looking}</p>
        ) : onClear ? (
          <NoResults onClear={onClear} />
        ) : (
          <NoRuns />
        )}
      </Card>
    </div>
  );
}

function NoRuns() {
  const t = useTranslations(runsTranslations);
  return (
    <EmptyState icon={Activity} title={t.none}>
      <p>{t.noneHint}</p>
      <Can role="operator">
        <ButtonLink href="/jobs/new" variant="primary">
          {t.newJob}
        </ButtonLink>
        <Command text="multi-job run JOB" label={t.orCommand} />
      </Can>
    </EmptyState>
  );
}
