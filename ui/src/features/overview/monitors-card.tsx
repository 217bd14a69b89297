'use client';

import { useQuery } from '@tanstack/react-query';
import { Radar } from 'lucide-react';
import { useState } from 'react';
import { MonitorTile } from '@/components/monitor-state/monitor-tile';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { ErrorState, SkeletonRows } from '@/components/ui/states';
import { queries, type Monitor } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { byWorst } from '@/lib/monitor-states';
import { Can } from '@/lib/session';
import { formatNumber } from '@/lib/time';
import { SHOWN_MONITORS } from './queries';
import { overviewTranslations } from './translations';

/** The monitors, the worst first; later changes of state do not move them. */
export function MonitorsCard() {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const query = useQuery(queries.worstMonitors(SHOWN_MONITORS));
  const monitors = query.data?.items;
  const total = query.data?.total ?? monitors?.length ?? 0;
  const [order, setOrder] = useState<readonly string[]>([]);
  if (monitors && monitors.some((each) => !order.includes(each.job_id))) setOrder(placed(order, monitors));
  const byId = new Map(monitors?.map((each) => [each.job_id, each]));
  const shown = order.flatMap((id) => byId.get(id) ?? []);
  const bad = monitors?.filter((each) => each.state === 'down' || each.state === 'degraded').length ?? 0;
  return (
    <Card
      title={t.monitors}
      aside={
        monitors &&
        monitors.length > 0 && (
          <>
            {bad > 0 && <span className="truncate">{t.badMonitors(`${formatNumber(bad, lang)}${bad < SHOWN_MONITORS ? '' : '+'}`)}</span>}
            <Link href="/monitors" className="font-medium whitespace-nowrap text-text-2 hover:text-text hover:underline">
              {t.allMonitors(formatNumber(total, lang), total === 1)}
            </Link>
          </>
        )
      }
    >
      {monitors === undefined && (query.error ? <ErrorState error={query.error} onRetry={() => void query.refetch()} /> : <SkeletonRows rows={3} />)}
      {monitors?.length === 0 && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3.5 py-3">
          <Radar aria-hidden className="size-4 shrink-0 text-text-3" />
          <p className="min-w-0 flex-1 basis-60 text-text-2">{t.noMonitorHint}</p>
          <Can role="operator">
            <ButtonLink href="/jobs/new?type=monitor.http">{t.addMonitor}</ButtonLink>
          </Can>
        </div>
      )}
      {shown.length > 0 && (
        <ul aria-label={t.monitors} className="grid overflow-hidden rounded-b-card sm:grid-cols-2 xl:grid-cols-3 2xl:grid-cols-4">
          {shown.map((each) => (
            <MonitorTile key={each.job_id} monitor={each} />
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Known monitors keep their places, new ones come last; at first the worst is first. */
function placed(order: readonly string[], monitors: readonly Monitor[]): string[] {
  const fresh = monitors.filter((each) => !order.includes(each.job_id));
  return [...order, ...fresh.toSorted((a, b) => byWorst(a.state, b.state)).map((each) => each.job_id)];
}
