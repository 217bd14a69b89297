'use client';

import { useQuery } from '@tanstack/react-query';
import { Radar } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { Segmented } from '@/components/segmented';
import { DataTable } from '@/components/table/data-table';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { SearchBox } from '@/components/ui/search-box';
import { EmptyState, ErrorState, NoResults, SkeletonRows } from '@/components/ui/states';
import { queries, type Monitor } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { WATCH_STATES, type WatchState } from '@/lib/monitor-states';
import { Can } from '@/lib/session';
import { formatNumber } from '@/lib/time';
import { STATES, narrowed } from './search-params';
import { monitorsSearch } from './search-params-client';
import { monitorsTranslations } from './translations';
import { useMonitorColumns } from './use-monitor-columns';

const keyOf = (monitor: Monitor) => monitor.job_id;

/** The monitors, by creation, so that no row moves. */
export function MonitorsPage() {
  const t = useTranslations(monitorsTranslations);
  const lang = useLang();
  const [search, setSearch] = useQueryStates(monitorsSearch, { history: 'push' });
  const query = useQuery(queries.monitors());
  const columns = useMonitorColumns();
  const all = query.data;
  const rows = useMemo(() => narrowed(all ?? [], search), [all, search]);
  const counted = STATES.map((state) => ({ state, count: all?.filter((each) => each.state === state).length ?? 0 }));
  const option = (value: WatchState | 'all', label: string, count: number) => ({
    value,
    label: (
      <>
        {label} <span className="text-xs font-normal text-text-3">{formatNumber(count, lang)}</span>
      </>
    ),
  });
  const options = [
    option('all', t.any, all?.length ?? 0),
    ...counted.filter(({ state, count }) => count > 0 || state === search.state).map(({ state, count }) => option(state, WATCH_STATES[state].label[lang], count)),
  ];
  return (
    <Page
      title={t.title}
      actions={
        <Can role="operator">
          <ButtonLink href="/jobs/new?type=monitor.http">{t.add}</ButtonLink>
        </Can>
      }
    >
      <Card aria-label={t.title}>
        {all && all.length > 0 && (
          <div className="flex flex-wrap items-center gap-2 border-b px-3.5 py-2">
            <SearchBox value={search.q} onChange={(q) => void setSearch({ q })} placeholder={t.search} className="w-full sm:w-60" />
            <Segmented label={t.state} options={options} value={search.state ?? 'all'} onChange={(value) => void setSearch({ state: value === 'all' ? null : value })} />
          </div>
        )}
        {rows.length > 0 ? (
          <DataTable label={t.title} columns={columns} rows={rows} rowKey={keyOf} />
        ) : all === undefined ? (
          query.error ? (
            <ErrorState error={query.error} onRetry={() => void query.refetch()} />
          ) : (
            <SkeletonRows rows={8} />
          )
        ) : all.length > 0 ? (
          <NoResults onClear={() => void setSearch({ q: null, state: null })} />
        ) : (
          <EmptyState icon={Radar} title={t.none}>
            <p>{t.noneHint}</p>
            <Can role="operator">
              <span className="flex flex-wrap justify-center gap-2">
                <ButtonLink href="/plan">{t.plan}</ButtonLink>
                <ButtonLink href="/jobs/new?type=monitor.http" variant="primary">
                  {t.add}
                </ButtonLink>
              </span>
            </Can>
          </EmptyState>
        )}
      </Card>
    </Page>
  );
}
