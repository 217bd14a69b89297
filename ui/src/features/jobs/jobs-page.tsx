'use client';

import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { ListTodo } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useCallback, useMemo, useState } from 'react';
import { NewJobsPill } from '@/components/job-table/new-jobs-pill';
import { useJobColumns, type JobColumn } from '@/components/job-table/use-job-columns';
import { useStableRows } from '@/components/job-table/use-stable-rows';
import { DataTable, type Column } from '@/components/table/data-table';
import { NewJobButton } from '@/components/new-job-button';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { Command, ErrorState, NoResults, EmptyState, SkeletonRows } from '@/components/ui/states';
import { useLang, useTranslations } from '@/lib/i18n';
import { queries, type Job } from '@/lib/api/queries';
import { useCan } from '@/lib/session';
import { formatNumber } from '@/lib/time';
import { BulkBar } from './bulk-bar';
import { EnabledSwitch } from './enabled-switch';
import { JobFilters } from './job-filters';
import { jobFilter, type JobsSearch } from './search-params';
import { jobsSearch } from './search-params-client';
import { useSortedJobs } from './use-sorted-jobs';
import { jobsTranslations } from './translations';

const COLUMNS: readonly JobColumn[] = ['job', 'type', 'runs', 'schedule', 'next', 'p95', 'success'];
const STRIP = 24;
const NONE: ReadonlySet<string> = new Set();
const keyOf = (job: Job) => job.job_id;

/** The list of jobs. */
export function JobsPage() {
  const t = useTranslations(jobsTranslations);
  const lang = useLang();
  const canAct = useCan('operator');
  const [search, setSearch] = useQueryStates(jobsSearch, { history: 'push' });
  const [selected, setSelected] = useState(NONE);
  const filter = useMemo(() => jobFilter(search), [search]);
  const listKey = JSON.stringify(filter);
  const isNarrowed = Object.keys(filter).length > 0;
  const list = useInfiniteQuery({ ...queries.jobs(filter), placeholderData: keepPreviousData });
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const all = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const steady = useStableRows(all, keyOf, list.isPlaceholderData ? 'previous' : listKey);
  const canSort = data !== undefined && !hasNextPage;
  const rows = useSortedJobs(steady.rows, canSort ? search.sort : 'new', listKey);
  const tags = useMemo(() => [...new Set(all.flatMap((job) => job.tags))].sort(), [all]);
  const chosen = useMemo(() => rows.filter((job) => selected.has(job.job_id)), [rows, selected]);

  const change = useCallback((next: Partial<JobsSearch>) => void setSearch(next), [setSearch]);
  const clear = useCallback(() => void setSearch({ q: null, type: null, enabled: null, tag: null }), [setSearch]);
  const onEnd = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const shared = useJobColumns(COLUMNS, { strip: STRIP, tags: true });
  const columns = useMemo<Column<Job>[]>(
    () => [...shared, { id: 'enabled', header: t.active, width: '40px', cell: (job) => <EnabledSwitch job={job} />, align: 'end' }],
    [shared, t],
  );
  const total = data?.pages[0]?.total;
  return (
    <Page
      title={t.title}
      note={typeof total === 'number' && !isNarrowed && t.count(formatNumber(total, lang), total === 1)}
      actions={<NewJobButton />}
    >
      <div>
        <NewJobsPill count={steady.newCount} onShow={steady.showNew} />
        <Card aria-label={t.title}>
          {(all.length > 0 || isNarrowed) && (
            <JobFilters search={search} tags={tags} canSort={canSort} onChange={change} onClear={isNarrowed ? clear : undefined} />
          )}
          <BulkBar jobs={chosen} onClear={() => setSelected(NONE)} />
          {rows.length > 0 ? (
            <DataTable
              label={t.title}
              columns={columns}
              rows={rows}
              rowKey={keyOf}
              selection={canAct ? { selected, onChange: setSelected } : undefined}
              onEnd={onEnd}
              isLoadingMore={isFetchingNextPage}
            />
          ) : list.isPending ? (
            <SkeletonRows rows={12} />
          ) : list.error ? (
            <ErrorState error={list.error} onRetry={() => void list.refetch()} />
          ) : isNarrowed ? (
            <NoResults onClear={clear} />
          ) : (
            <NoJobs />
          )}
        </Card>
      </div>
    </Page>
  );
}

function NoJobs() {
  const t = useTranslations(jobsTranslations);
  const canAct = useCan('operator');
  return (
    <EmptyState icon={ListTodo} title={t.none}>
      <p>{canAct ? t.noneHint : t.noneViewer}</p>
      {canAct && (
        <>
          <span className="flex flex-wrap justify-center gap-2">
            <ButtonLink href="/plan">{t.plan}</ButtonLink>
            <ButtonLink href="/jobs/new" variant="primary">
              {t.newJob}
            </ButtonLink>
          </span>
          <Command text="multi-job apply job.json" label={t.orCommand} />
        </>
      )}
    </EmptyState>
  );
}
