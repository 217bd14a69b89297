'use client';

import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { CircleCheck, History } from 'lucide-react';
import { useQueryStates } from 'nuqs';
import { IncidentRows } from '@/components/incidents/incident-row';
import { incidentTranslations } from '@/components/incidents/translations';
import { useIncidentRows } from '@/components/incidents/use-incident-rows';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Options, Select } from '@/components/ui/field';
import { NewItemsPill } from '@/components/ui/new-items-pill';
import { Page } from '@/components/ui/page';
import { SearchBox } from '@/components/ui/search-box';
import { EmptyState, ErrorState, NoResults, SkeletonRows } from '@/components/ui/states';
import { Tabs } from '@/components/ui/tabs';
import { queries } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { INCIDENT_KINDS, type IncidentKind } from '@/components/incidents/incidents';
import { formatNumber } from '@/lib/time';
import { INCIDENT_TABS, KINDS, incidentFilter, type IncidentsSearch } from './search-params';
import { incidentsSearch } from './search-params-client';
import { incidentsTranslations } from './translations';

/** The list of incidents, open or closed. */
export function IncidentsPage() {
  const t = useTranslations(incidentsTranslations);
  const lang = useLang();
  const [search, setSearch] = useQueryStates(incidentsSearch, { history: 'push' });
  const open = useQuery(queries.incidentSummary()).data?.open;
  return (
    <Page title={t.title}>
      <Tabs
        label={t.states}
        value={search.tab}
        tabs={INCIDENT_TABS.map((value) => ({
          value,
          label: t[value],
          ...(value === 'open' && open !== undefined ? { count: formatNumber(open, lang) } : {}),
        }))}
      />
      <IncidentList key={JSON.stringify(search)} search={search} onChange={(change) => void setSearch(change)} />
    </Page>
  );
}

type ListProps = { search: IncidentsSearch; onChange: (change: Partial<IncidentsSearch>) => void };

function IncidentList({ search, onChange }: ListProps) {
  const t = useTranslations(incidentsTranslations);
  const shared = useTranslations(incidentTranslations);
  const lang = useLang();
  const list = useInfiniteQuery({ ...queries.incidents(incidentFilter(search)), placeholderData: keepPreviousData });
  const { rows, newCount, showNew } = useIncidentRows(list.data);
  const isNarrowed = search.kind !== null || search.job !== '';
  const clear = () => onChange({ kind: null, job: '' });
  return (
    <Card aria-label={t[search.tab]}>
      <div className="flex flex-wrap items-center gap-2 border-b px-3.5 py-2">
        <SearchBox value={search.job} onChange={(job) => onChange({ job })} placeholder={t.job} className="w-full sm:w-56" />
        <div className="max-sm:flex-1 sm:w-52">
          <Select aria-label={t.kind} value={search.kind ?? ''} onChange={(event) => onChange({ kind: (event.target.value || null) as IncidentKind | null })}>
            <option value="">{t.anyKind}</option>
            <Options values={KINDS} label={(kind) => INCIDENT_KINDS[kind][lang]} />
          </Select>
        </div>
        {isNarrowed && (
          <Button variant="ghost" onClick={clear}>
            {t.clear}
          </Button>
        )}
      </div>
      <NewItemsPill count={rows.length > 0 ? newCount : 0} label={shared.newOnes(formatNumber(newCount, lang), newCount === 1)} hint={shared.showNew} onShow={showNew} />
      {rows.length > 0 ? (
        <IncidentRows label={t[search.tab]} incidents={rows} />
      ) : list.isPending ? (
        <SkeletonRows rows={6} />
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : isNarrowed ? (
        <NoResults onClear={clear} />
      ) : (
        <EmptyState icon={search.tab === 'open' ? CircleCheck : History} title={search.tab === 'open' ? t.noneOpen : t.noneClosed}>
          <p>{search.tab === 'open' ? t.noneOpenHint : t.noneClosedHint}</p>
        </EmptyState>
      )}
      {list.hasNextPage && (
        <div className="grid justify-items-center border-t p-2">
          <Button variant="ghost" pending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t.more}
          </Button>
        </div>
      )}
    </Card>
  );
}
