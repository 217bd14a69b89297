'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { Segmented } from '@/components/segmented';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import { SearchBox } from '@/components/ui/search-box';
import { EmptyState, NoResults, QueryPlaceholder } from '@/components/ui/states';
import { queries, type Maintenance } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { CollisionsCard } from './collisions-card';
import { FireRow } from './fire-row';
import { RANGES, ticksOf, type Range, type Span } from './model';
import { calendarTranslations } from './translations';

const NO_WINDOWS: readonly Maintenance[] = [];
const NAMES = Object.keys(RANGES) as Range[];

/** What fires next: one line a job, and the minutes that jobs share. */
export function CalendarPage() {
  const t = useTranslations(calendarTranslations);
  const [range, setRange] = useQueryState('range', parseAsStringLiteral(NAMES).withDefault('day'));
  const [q, setQ] = useQueryState('q', parseAsString.withDefault(''));
  const query = useQuery(queries.fires(RANGES[range]));
  const { data: windows = NO_WINDOWS } = useQuery(queries.maintenance());
  const { data } = query;
  const words = q.trim().toLowerCase();
  const jobs = data?.jobs.filter((job) => job.job_id.toLowerCase().includes(words)) ?? [];
  const switcher = (
    <Segmented label={t.range} value={range} onChange={(next) => void setRange(next)} options={NAMES.map((value) => ({ value, label: t[value] }))} />
  );
  const span: Span = data ? { from: Date.parse(data.from), to: Date.parse(data.to) } : { from: 0, to: 1 };
  return (
    <Page title={t.title} note={t.note} actions={switcher}>
      {data && data.jobs.length > 0 && <SearchBox value={q} onChange={(next) => void setQ(next === '' ? null : next)} placeholder={t.search} />}
      <Card title={t.fires}>
        <QueryPlaceholder query={query} rows={6} />
        {data?.jobs.length === 0 && (
          <EmptyState icon={CalendarClock} title={t.none}>
            <p>{t.noneHint}</p>
            <Link href="/jobs" className="underline">
              {t.jobs}
            </Link>
          </EmptyState>
        )}
        {data && data.jobs.length > 0 && jobs.length === 0 && <NoResults onClear={() => void setQ(null)} />}
        {jobs.length > 0 && (
          <>
            <Axis span={span} range={range} />
            <ul aria-label={t.fires}>
              {jobs.map((job) => (
                <FireRow key={job.job_id} job={job} span={span} windows={windows} />
              ))}
            </ul>
          </>
        )}
      </Card>
      {data && data.jobs.length > 0 && <CollisionsCard collisions={data.collisions} />}
    </Page>
  );
}

function Axis({ span, range }: { span: Span; range: Range }) {
  const lang = useLang();
  const { timezone } = useSession();
  return (
    <div aria-hidden className="grid gap-x-4 border-b bg-raised px-3.5 lg:grid-cols-[280px_1fr]">
      <span className="hidden truncate py-1 text-xs text-text-3 lg:block">{timezone}</span>
      <div className="relative h-6 text-2xs text-text-3">
        {ticksOf(span, range, timezone, lang).map((tick) => (
          <span key={tick.at} className="absolute top-1 -translate-x-1/2 whitespace-nowrap" style={{ left: `${Math.min(97, Math.max(3, tick.at))}%` }}>
            {tick.label}
          </span>
        ))}
      </div>
    </div>
  );
}
