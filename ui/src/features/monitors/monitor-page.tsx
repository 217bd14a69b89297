'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Radar, Siren } from 'lucide-react';
import type { ReactNode } from 'react';
import { IncidentRows } from '@/components/incidents/incident-row';
import { useIncidentRows } from '@/components/incidents/use-incident-rows';
import { HourBars } from '@/components/monitor-state/hour-bars';
import { MonitorBadge } from '@/components/monitor-state/monitor-badge';
import { StateBars } from '@/components/monitor-state/state-bars';
import { Elapsed, RelativeTime } from '@/components/time';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import { Command, EmptyState, ErrorState, SkeletonRows } from '@/components/ui/states';
import { toApiError, type Schemas } from '@/lib/api/client';
import { queries } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { incidentHref } from '@/components/incidents/incidents';
import { formatUptime } from '@/lib/monitor-states';
import { useNow } from '@/lib/now';
import { useSession } from '@/lib/session';
import { formatDay, formatNumber, formatRough } from '@/lib/time';
import { ChecksCard } from './checks-card';
import { dayBars, timeByState, watchedMs } from './day-bars';
import { LatencyChart } from './latency-chart';
import { MonitorActions } from './monitor-actions';
import { MONITOR_INCIDENTS } from './search-params';
import { StateHistory } from './state-history';
import { monitorsTranslations } from './translations';
import { latencyText } from './use-monitor-columns';

const DAY_MS = 86_400_000;
const MOST_RANGES = 1_000;
const PERIODS = [
  ['h24', 1],
  ['d7', 7],
  ['d30', 30],
  ['d90', 90],
] as const;
/** A period of which less was watched says how much. */
const WHOLE = 0.9;

/** A monitor: its state, its past, its latency, its incidents and its checks. */
export function MonitorPage({ jobId }: { jobId: string }) {
  const t = useTranslations(monitorsTranslations);
  const { data: monitor, error, refetch } = useQuery(queries.monitor(jobId));
  if (monitor) return <MonitorContent monitor={monitor} />;
  const isMissing = error !== null && toApiError(error).status === 404;
  return (
    <Page title={jobId}>
      <Card>
        {isMissing ? (
          <EmptyState icon={Radar} title={t.missing}>
            <p>{t.missingHint}</p>
            <span className="flex flex-wrap justify-center gap-2">
              <ButtonLink href={`/jobs/${encodeURIComponent(jobId)}`}>{t.openJob}</ButtonLink>
              <ButtonLink href="/monitors">{t.all}</ButtonLink>
            </span>
          </EmptyState>
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={8} />
        )}
      </Card>
    </Page>
  );
}

type Detail = Schemas['MonitorDetailBody'];

function MonitorContent({ monitor }: { monitor: Detail }) {
  const t = useTranslations(monitorsTranslations);
  return (
    <Page
      title={monitor.job_id}
      lead={<MonitorBadge state={monitor.state} />}
      note={<code className="font-mono">{monitor.type}</code>}
      actions={<MonitorActions monitor={monitor} />}
    >
      <p className="-mt-3 break-all text-text-2">{monitor.target}</p>
      {monitor.incident_id !== null && (
        <p className="flex flex-wrap items-center gap-2 rounded-card border bg-tone-bg px-3.5 py-2 tone-fail">
          <Siren aria-hidden className="size-4 shrink-0 text-tone" />
          <span className="min-w-0">{t.partOf}</span>
          <Link href={incidentHref(monitor.incident_id)} className="font-medium underline underline-offset-2">
            {t.see}
          </Link>
        </p>
      )}
      {monitor.command && (
        <p>
          <Command text={monitor.command} label={t.setUp} />
        </p>
      )}
      <Facts monitor={monitor} />
      <div className="grid gap-4 xl:grid-cols-2">
        <Card title={t.day}>
          <div className="p-3.5">
            <Day monitor={monitor} />
          </div>
        </Card>
        <Card title={t.quarter}>
          <div className="p-3.5">
            <Quarter monitor={monitor} />
          </div>
        </Card>
      </div>
      <Card title={t.latencyTitle} aside={t.day}>
        <LatencyChart quarters={monitor.quarters} latency={monitor.latency} />
      </Card>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Card title={t.history} aside={t.historyNote}>
          <StateHistory history={monitor.history} />
        </Card>
        <Incidents jobId={monitor.job_id} />
      </div>
      <ChecksCard jobId={monitor.job_id} />
    </Page>
  );
}

function Day({ monitor }: { monitor: Detail }) {
  const now = useMinute();
  return <HourBars hours={monitor.hours} lengths={timeByState(monitor.history, now - DAY_MS, now)} walkable />;
}

/** The present minute: figures over days need not change each second. */
function useMinute(): number {
  return Math.floor(useNow() / 60_000) * 60_000;
}

function Quarter({ monitor }: { monitor: Detail }) {
  const t = useTranslations(monitorsTranslations);
  const lang = useLang();
  const { timezone } = useSession();
  const now = useMinute();
  const bars = dayBars(monitor.history, now, timezone);
  const lengths = timeByState(monitor.history, Date.parse(bars[0]!.at), now);
  return <StateBars bars={bars} lengths={lengths} title={t.quarter} unit="day" nameOf={({ at }) => formatDay(at, timezone, lang)} walkable />;
}

function Facts({ monitor }: { monitor: Detail }) {
  const t = useTranslations(monitorsTranslations);
  const lang = useLang();
  const now = useMinute();
  const noteOf = (days: number) => {
    const watched = watchedMs(timeByState(monitor.history, now - days * DAY_MS, now));
    // Older ranges than these are not known.
    const isPart = monitor.history.length < MOST_RANGES && watched > 0 && watched < WHOLE * days * DAY_MS;
    return isPart ? t.observed(formatRough(watched, lang)) : undefined;
  };
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border bg-border sm:grid-cols-4 xl:grid-cols-7">
      <Fact label={t.since} note={monitor.state === 'up' ? undefined : (monitor.last_error ?? undefined)}>
        <Elapsed from={monitor.since} />
      </Fact>
      <Fact label={t.lastCheck} note={monitor.fails_in_a_row > 1 ? t.fails(formatNumber(monitor.fails_in_a_row, lang)) : undefined}>
        {monitor.last_check_at === null ? t.never : <RelativeTime at={monitor.last_check_at} />}
      </Fact>
      {PERIODS.map(([period, days]) => (
        <Fact key={period} label={t.uptime(t[period])} note={noteOf(days)}>
          {formatUptime(monitor.uptime[period], lang)}
        </Fact>
      ))}
      <Fact label={t.latency} last>
        {latencyText(monitor, lang)}
      </Fact>
    </dl>
  );
}

function Fact({ label, note, last, children }: { label: string; note?: string; last?: boolean; children: ReactNode }) {
  return (
    <div className={last ? 'col-span-2 min-w-0 bg-surface px-3.5 py-2 xl:col-span-1' : 'min-w-0 bg-surface px-3.5 py-2'}>
      <dt className="truncate text-xs text-text-3">{label}</dt>
      <dd className="font-medium">{children}</dd>
      {note && <dd className="text-xs break-words text-text-2">{note}</dd>}
    </div>
  );
}

function Incidents({ jobId }: { jobId: string }) {
  const t = useTranslations(monitorsTranslations);
  const list = useInfiniteQuery(queries.incidents({ job_id: jobId }, MONITOR_INCIDENTS));
  const { rows } = useIncidentRows(list.data);
  return (
    <Card title={t.incidents}>
      {rows.length > 0 ? (
        <IncidentRows label={t.incidents} incidents={rows} />
      ) : list.data ? (
        <p className="p-3.5 text-text-2">{t.noIncident}</p>
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <SkeletonRows rows={3} />
      )}
    </Card>
  );
}
