'use client';

import { useQuery } from '@tanstack/react-query';
import { Link } from '@/components/ui/link';
import { useState, type KeyboardEvent } from 'react';
import { Card } from '@/components/ui/card';
import { ErrorState, Skeleton } from '@/components/ui/states';
import type { Schemas } from '@/lib/api/client';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { useSession } from '@/lib/session';
import { formatClock, formatDuration, formatNumber, zoneName } from '@/lib/time';
import { CHART, barsOf, peakOf } from './throughput';
import { overviewTranslations } from './translations';

const MINUTES = 60;
const TICK_EVERY = 15;

/** The runs that ended in each minute of the last hour. */
export function ThroughputChart() {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const stats = useQuery(queries.stats(MINUTES));
  const totals = stats.data?.totals;
  const number = (value: number) => formatNumber(value, lang);
  return (
    <Card
      title={t.throughput}
      className="flex flex-col"
      aside={
        totals && (
          <span className="truncate">
            <Link href="/runs?status=success&since=1h" className="hover:text-text hover:underline">
              {t.succeeded(number(totals.success))}
            </Link>
            {' · '}
            <Link href="/runs?status=failed&since=1h" className="hover:text-text hover:underline">
              {t.failed(number(totals.failed))}
            </Link>
            {totals.wait_p95_ms !== null && ` · ${t.wait(formatDuration(totals.wait_p95_ms, lang))}`}
          </span>
        )
      }
    >
      <div className="flex flex-1 flex-col justify-end px-3.5 pt-3 pb-3">
        {stats.data ? (
          <Chart minutes={stats.data.minutes} totals={stats.data.totals} />
        ) : stats.isError ? (
          <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />
        ) : (
          <Skeleton className="h-48" />
        )}
      </div>
    </Card>
  );
}

type Minute = Schemas['StatsMinute'];

function Chart({ minutes, totals }: { minutes: readonly Minute[]; totals: Schemas['StatsFigures'] }) {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const { timezone } = useSession();
  const [active, setActive] = useState<number | null>(null);
  const number = (value: number) => formatNumber(value, lang);
  const peak = peakOf(minutes);
  const isQuiet = totals.success + totals.failed === 0;
  const shown = active === null ? undefined : minutes[active];
  const clock = (at: string) => formatClock(at, timezone, false);
  const last = minutes.at(-1);

  const describe = (minute: Minute) =>
    [
      t.succeeded(number(minute.success)),
      t.failed(number(minute.failed)),
      ...(minute.cancelled > 0 ? [t.cancelled(number(minute.cancelled))] : []),
      ...(minute.wait_p95_ms === null ? [] : [t.wait(formatDuration(minute.wait_p95_ms, lang))]),
      ...(minute === last ? [t.soFar] : []),
    ].join(' · ');
  const onKeyDown = (event: KeyboardEvent) => {
    const from = active ?? minutes.length;
    const moves: Record<string, number | null> = {
      ArrowLeft: Math.max(0, from - 1),
      ArrowRight: Math.min(minutes.length - 1, from + 1),
      Home: 0,
      End: minutes.length - 1,
      Escape: null,
    };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
  };
  const zone = last ? zoneName(timezone, last.at) : '';
  return (
    <div>
      <p aria-hidden className="h-4 text-2xs text-text-3">
        {!isQuiet && t.peak(number(peak))}
      </p>
      <div
        role="img"
        tabIndex={0}
        aria-label={shown ? `${clock(shown.at)} ${zone}: ${describe(shown)}` : isQuiet ? t.quietHour : t.chart(number(totals.success), number(totals.failed), number(peak))}
        onKeyDown={onKeyDown}
        onBlur={() => setActive(null)}
        onPointerLeave={() => setActive(null)}
        onPointerMove={(event) => {
          const rect = event.currentTarget.getBoundingClientRect();
          const place = Math.floor(((event.clientX - rect.left) / rect.width) * minutes.length);
          setActive(Math.max(0, Math.min(minutes.length - 1, place)));
        }}
        className="relative"
      >
        <svg
          aria-hidden
          viewBox={`0 0 ${CHART.width} ${CHART.height}`}
          preserveAspectRatio="none"
          className="block h-36 w-full border-b border-border-strong"
        >
          {barsOf(minutes).map((bar, index) => (
            <g key={minutes[index]?.at} className={cn(active !== null && active !== index && 'opacity-60')}>
              <rect x={bar.x} width={bar.width} y={bar.success.y} height={bar.success.height} className="fill-tone opacity-50 tone-ok" />
              <rect x={bar.x} width={bar.width} y={bar.failed.y} height={bar.failed.height} className="fill-tone tone-fail" />
            </g>
          ))}
        </svg>
        {isQuiet && <p className="absolute inset-0 grid place-items-center text-sm text-text-3">{t.quietHour}</p>}
        {shown && active !== null && (
          <p
            aria-hidden
            style={{ left: `clamp(0px, calc(${(((active + 0.5) / minutes.length) * 100).toFixed(2)}% - 9rem), calc(100% - 18rem))` }}
            className="pointer-events-none absolute -top-5 w-72 max-w-full text-center text-xs"
          >
            <span className="inline-block rounded-control border bg-raised px-2 py-1 text-text">
              <span className="font-medium">
                {clock(shown.at)} {zone}
              </span>
              <span className="block text-text-2">{describe(shown)}</span>
            </span>
          </p>
        )}
      </div>
      <p aria-hidden className="flex justify-between pt-2 text-xs text-text-3">
        {minutes
          .filter((_, index) => index % TICK_EVERY === 0)
          .map((minute) => (
            <span key={minute.at}>{clock(minute.at)}</span>
          ))}
        {last && (
          <span>
            {clock(last.at)} {zone}
          </span>
        )}
      </p>
    </div>
  );
}
