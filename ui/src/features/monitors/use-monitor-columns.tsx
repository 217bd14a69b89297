'use client';

import { useMemo } from 'react';
import { HourBars } from '@/components/monitor-state/hour-bars';
import { MonitorBadge } from '@/components/monitor-state/monitor-badge';
import { ROW_LINK, type Column } from '@/components/table/data-table';
import { Elapsed, RelativeTime } from '@/components/time';
import { Link } from '@/components/ui/link';
import type { Monitor } from '@/lib/api/queries';
import { cn } from '@/lib/cn';
import { useLang, useTranslations, type Lang } from '@/lib/i18n';
import { incidentHref, monitorHref } from '@/components/incidents/incidents';
import { formatUptime } from '@/lib/monitor-states';
import { useNow } from '@/lib/now';
import { formatEstimate, formatRough } from '@/lib/time';
import { monitorsTranslations } from './translations';

type Period = keyof Monitor['uptime'];

/** p50 and p95 of the last 24 hours: "≈ 120 ms / 480 ms"; a dash if nothing was measured. */
export function latencyText({ latency }: Pick<Monitor, 'latency'>, lang: Lang): string {
  const { p50_ms: p50, p95_ms: p95 } = latency;
  return p50 === null || p95 === null ? '–' : `≈ ${formatEstimate(p50, lang)} / ${formatEstimate(p95, lang)}`;
}

/** How long a state has lasted, in one unit. */
function Age({ from }: { from: string }) {
  const lang = useLang();
  const now = useNow();
  return <span suppressHydrationWarning>{formatRough(Math.max(0, now - Date.parse(from)), lang)}</span>;
}

/** The columns of the table of monitors. */
export function useMonitorColumns(): Column<Monitor>[] {
  const t = useTranslations(monitorsTranslations);
  const lang = useLang();
  return useMemo(() => {
    const uptime = (id: Period, from?: 'xl'): Column<Monitor> => ({
      id,
      header: <span title={t.uptime(t[id])}>{t[id]}</span>,
      width: '60px',
      align: 'end',
      from,
      cell: (row) => <span className={cn(row.uptime[id] === null && 'text-text-3')}>{formatUptime(row.uptime[id], lang)}</span>,
    });
    return [
      {
        id: 'state',
        header: t.state,
        width: lang === 'id' ? '128px' : '108px',
        card: 'wide',
        cell: (row) => (
          <span className="flex items-center gap-2">
            <MonitorBadge state={row.state} />
            <span className="text-xs text-text-3 lg:hidden">
              <Elapsed from={row.since} />
            </span>
          </span>
        ),
      },
      {
        id: 'job',
        header: t.job,
        width: 'minmax(104px,2.4fr)',
        card: 'title',
        cell: (row) => (
          <span className="block min-w-0 truncate max-lg:whitespace-normal">
            <Link href={monitorHref(row.job_id)} title={row.job_id} className={cn(ROW_LINK, 'font-medium break-words')}>
              {row.job_id}
            </Link>{' '}
            <span title={row.target} className="text-xs break-all text-text-3">
              {row.target}
            </span>
          </span>
        ),
      },
      {
        id: 'since',
        header: t.since,
        width: '72px',
        card: 'hidden',
        cell: (row) => (
          <span className="text-text-2">
            <Age from={row.since} />
          </span>
        ),
      },
      { id: 'day', header: <span title={t.day}>{t.bars}</span>, width: 'minmax(80px,1fr)', card: 'wide', cell: (row) => <HourBars hours={row.hours} /> },
      uptime('h24'),
      uptime('d7', 'xl'),
      uptime('d30', 'xl'),
      uptime('d90', 'xl'),
      { id: 'latency', header: t.latency, width: lang === 'id' ? '136px' : '124px', align: 'end', from: 'xl', card: 'wide', cell: (row) => (
          <span className="text-text-2">
            <span className="text-xs text-text-3 lg:hidden">{t.latency} </span>
            {latencyText(row, lang)}
          </span>
        ) },
      {
        id: 'checked',
        header: t.checked,
        width: '80px',
        align: 'end',
        cell: (row) => (row.last_check_at === null ? <span className="text-text-3">{t.never}</span> : <RelativeTime at={row.last_check_at} className="text-text-2" />),
      },
      {
        id: 'incident',
        header: t.incident,
        width: '64px',
        align: 'end',
        cell: (row) =>
          row.incident_id === null ? (
            <span className="text-text-3">–</span>
          ) : (
            <Link href={incidentHref(row.incident_id)} className="relative z-10 font-medium text-tone-text underline-offset-2 tone-fail hover:underline">
              {t.openIncident}
            </Link>
          ),
      },
    ];
  }, [t, lang]);
}
