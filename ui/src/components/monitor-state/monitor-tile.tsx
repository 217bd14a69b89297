'use client';

import { Link } from '@/components/ui/link';
import { Elapsed } from '@/components/time';
import type { Monitor } from '@/lib/api/queries';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { monitorHref } from '@/components/incidents/incidents';
import { formatUptime } from '@/lib/monitor-states';
import { formatEstimate } from '@/lib/time';
import { HourBars } from './hour-bars';
import { MonitorBadge } from './monitor-badge';

const translations = defineTranslations(
  { uptime: 'uptime 24 h', p95: 'p95', for: 'for' },
  { uptime: 'uptime 24 jam', p95: 'p95', for: 'selama' },
);

/** A monitor as a tile: state, target, the last 24 hours, uptime and latency. The whole tile is a link. */
export function MonitorTile({ monitor }: { monitor: Monitor }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const isBad = monitor.state === 'down' || monitor.state === 'degraded';
  return (
    <li data-monitor={monitor.job_id} data-state={monitor.state} className="relative -mr-px -mb-px grid min-w-0 content-start gap-2 border-r border-b p-3.5 focus-within:bg-hover hover:bg-hover">
      <div className="flex min-w-0 items-center gap-2">
        <MonitorBadge state={monitor.state} />
        <span className="min-w-0 truncate text-xs text-text-3">
          {t.for} <Elapsed from={monitor.since} />
        </span>
      </div>
      <div className="min-w-0">
        <Link
          href={monitorHref(monitor.job_id)}
          className="block truncate font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        >
          {monitor.job_id}
        </Link>
        <p title={monitor.target} className="truncate text-xs text-text-2">
          {monitor.target}
        </p>
      </div>
      <HourBars hours={monitor.hours} />
      <p title={isBad ? (monitor.last_error ?? undefined) : undefined} className={cn('truncate text-xs', isBad ? 'text-text' : 'text-text-2')}>
        {isBad && monitor.last_error ? (
          monitor.last_error
        ) : (
          <>
            {t.uptime} <span className="font-medium text-text">{formatUptime(monitor.uptime.h24, lang)}</span>
            {monitor.latency.p95_ms !== null && ` · ${t.p95} ≈ ${formatEstimate(monitor.latency.p95_ms, lang)}`}
          </>
        )}
      </p>
    </li>
  );
}
