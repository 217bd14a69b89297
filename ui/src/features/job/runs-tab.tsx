'use client';

import { Activity } from 'lucide-react';
import { useQueryState } from 'nuqs';
import { useEffect, type ReactNode } from 'react';
import { NewRunsPill } from '@/components/run-table/new-runs-pill';
import { JOB_RUN_COLUMNS, RunTable } from '@/components/run-table/run-table';
import { useRunList } from '@/components/run-table/use-run-list';
import { TimesSwitch } from '@/components/times-switch';
import { Card } from '@/components/ui/card';
import { Options, Select } from '@/components/ui/field';
import { ErrorState, NoResults, EmptyState, SkeletonRows } from '@/components/ui/states';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { queries, type EventBody } from '@/lib/api/queries';
import { RUN_STATES } from '@/lib/run-states';
import { formatNumber } from '@/lib/time';
import { jobSearch } from './search-params-client';
import { RUN_STATUSES } from './search-params';

const translations = defineTranslations(
  {
    title: 'Runs',
    label: (job: string) => `Runs of ${job}`,
    state: 'State',
    all: 'All states',
    total: (n: string) => `${n} in all`,
    none: 'No runs yet',
    noneText: 'Its first run appears here as soon as a slot fires or someone starts it.',
  },
  {
    title: 'Run',
    label: (job: string) => `Run dari ${job}`,
    state: 'Status',
    all: 'Semua status',
    total: (n: string) => `${n} seluruhnya`,
    none: 'Belum ada run',
    noneText: 'Run pertamanya muncul di sini begitu jadwalnya tiba atau seseorang menjalankannya.',
  },
);

/**
 * The runs of the job, newest first; new runs are announced and never move the rows. `action` starts the first one.
 */
export function RunsTab({ jobId, action }: { jobId: string; action?: ReactNode }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const [status, setStatus] = useQueryState('status', jobSearch.status.withOptions({ history: 'push' }));
  const isMatch = (event: EventBody) => {
    if (event.job_id !== jobId || event.run_id === null) return undefined;
    if (status !== null) return event.status === status;
    return event.rev === 1 ? true : undefined;
  };
  const list = useRunList({ list: queries.jobRuns(jobId, status ?? undefined), fits: isMatch });
  const { newCount, showNew, isShowing } = list;
  const isEmpty = !list.isPending && !list.error && list.runs.length === 0;
  // An empty list has no rows to move: its first run is shown at once.
  const isFirst = isEmpty && newCount > 0 && !isShowing;
  useEffect(() => {
    if (isFirst) showNew();
    // `showNew` is another one in each render.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isFirst]);
  return (
    <div>
      <NewRunsPill count={isEmpty ? 0 : newCount} onShow={showNew} isPending={isShowing} />
      <Card
        title={t.title}
        aside={
          <>
            <TimesSwitch className="max-sm:hidden" />
            {list.total !== null && <span className="whitespace-nowrap">{t.total(formatNumber(list.total, lang))}</span>}
            <Select
              aria-label={t.state}
              value={status ?? ''}
              onChange={(event) => void setStatus(RUN_STATUSES.find((each) => each === event.target.value) ?? null)}
              className="w-40"
            >
              <option value="">{t.all}</option>
              <Options values={RUN_STATUSES} label={(each) => RUN_STATES[each].label[lang]} />
            </Select>
          </>
        }
      >
        {list.isPending && <SkeletonRows />}
        {list.error && list.runs.length === 0 && <ErrorState error={list.error} onRetry={list.retry} />}
        {isEmpty && status !== null && <NoResults onClear={() => void setStatus(null)} />}
        {isEmpty && status === null && (
          <EmptyState icon={Activity} title={t.none}>
            <p>{t.noneText}</p>
            {action}
          </EmptyState>
        )}
        {list.runs.length > 0 && (
          <RunTable
            label={t.label(jobId)}
            runs={list.runs}
            columns={JOB_RUN_COLUMNS}
            onEnd={list.onEnd}
            isLoadingMore={list.isLoadingMore}
          />
        )}
      </Card>
    </div>
  );
}
