'use client';

import { useQuery } from '@tanstack/react-query';
import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { useState, type KeyboardEvent } from 'react';
import { Segmented } from '@/components/segmented';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { ErrorState, Skeleton } from '@/components/ui/states';
import type { Schemas } from '@/lib/api/client';
import { STATS_RANGES, queries, type StatsRange } from '@/lib/api/queries';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { formatClock, formatEstimate, formatNumber, formatWeekday, zoneName } from '@/lib/time';
import { BREAK_PART, CHART, barsOf, endedIn, labelledBars, scaleOf, tickIndexes } from './throughput';
import { throughputTranslations } from './throughput-translations';

/** The runs that ended in each interval of the last hour, day or week. */
export function ThroughputChart() {
  const t = useTranslations(throughputTranslations);
  const lang = useLang();
  const [range, setRange] = useQueryState('range', parseAsStringLiteral(STATS_RANGES).withDefault('1h'));
  const stats = useQuery(queries.stats(range));
  const totals = stats.data?.totals;
  const number = (value: number) => formatNumber(value, lang);
  return (
    <Card
      title={t.throughput}
      className="flex flex-col"
      aside={<Segmented label={t.range} options={STATS_RANGES.map((value) => ({ value, label: t.ofRange(value) }))} value={range} onChange={(value) => void setRange(value)} />}
    >
      <div className="flex flex-1 flex-col justify-end px-3.5 pt-2 pb-3">
        {totals && (
          <p className="pb-1 text-xs text-text-3">
            <Link href={`/runs?status=success&since=${range}`} className="hover:text-text hover:underline">
              {t.succeeded(number(totals.success))}
            </Link>
            {' · '}
            <Link href={`/runs?status=failed&since=${range}`} className="hover:text-text hover:underline">
              {t.failed(number(totals.failed))}
            </Link>
            {totals.wait_p95_ms !== null && ` · ${t.wait(formatEstimate(totals.wait_p95_ms, lang))}`}
          </p>
        )}
        {stats.data ? (
          <Chart key={range} range={range} intervals={stats.data.minutes} totals={stats.data.totals} />
        ) : stats.isError ? (
          <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />
        ) : (
          <Skeleton className="h-48" />
        )}
      </div>
    </Card>
  );
}

type Interval = Schemas['StatsMinute'];
type ChartProps = { range: StatsRange; intervals: readonly Interval[]; totals: Schemas['StatsFigures'] };

function Chart({ range, intervals, totals }: ChartProps) {
  const t = useTranslations(throughputTranslations);
  const lang = useLang();
  const { timezone } = useSession();
  const [active, setActive] = useState<number | null>(null);
  const number = (value: number) => formatNumber(value, lang);
  const scale = scaleOf(intervals);
  const isQuiet = totals.success + totals.failed === 0;
  const shown = active === null ? undefined : intervals[active];
  const last = intervals.at(-1);
  const when = (at: string) => (range === '7d' ? `${formatWeekday(at, timezone, lang)} ` : '') + formatClock(at, timezone, false);
  const zone = last ? zoneName(timezone, last.at) : '';
  const peak = t.peak(range, number(scale.peak));

  const describe = (interval: Interval) =>
    [
      t.succeeded(number(interval.success)),
      t.failed(number(interval.failed)),
      ...(interval.cancelled > 0 ? [t.cancelled(number(interval.cancelled))] : []),
      ...(interval.wait_p95_ms === null ? [] : [t.wait(formatEstimate(interval.wait_p95_ms, lang))]),
      ...(interval === last ? [t.soFar] : []),
    ].join(' · ');
  const label = shown
    ? `${when(shown.at)} ${zone}: ${describe(shown)}`
    : isQuiet
      ? t.quiet(range)
      : `${t.chart(range)}: ${t.sums(number(totals.success), number(totals.failed), peak)}`;
  return (
    <div>
      <p aria-hidden className="flex flex-wrap justify-between gap-x-3 text-2xs text-text-3">
        <span>{!isQuiet && t.peak(range, number(scale.cut > 0 ? Math.round(scale.top) : scale.peak))}</span>
        {scale.cut > 0 && <span data-cut={scale.cut}>{t.cut(number(scale.cut), scale.cut === 1)}</span>}
      </p>
      <div
        role="img"
        tabIndex={0}
        aria-label={label}
        onKeyDown={(event) => walk(event, active, intervals.length, setActive)}
        onBlur={() => setActive(null)}
        onPointerLeave={() => setActive(null)}
        onPointerMove={(event) => {
          const rect = event.currentTarget.getBoundingClientRect();
          const place = Math.floor(((event.clientX - rect.left) / rect.width) * intervals.length);
          setActive(Math.max(0, Math.min(intervals.length - 1, place)));
        }}
        className={cn('relative', scale.cut > 0 && 'pt-4')}
      >
        {labelledBars(intervals, scale).map((index) => (
          <span key={index} aria-hidden style={{ left: `clamp(1rem, ${centre(index, intervals.length)}, calc(100% - 1rem))` }} className="absolute top-0 -translate-x-1/2 text-2xs font-medium text-text-2">
            {number(endedIn(intervals[index]!))}
          </span>
        ))}
        <svg aria-hidden viewBox={`0 0 ${CHART.width} ${CHART.height}`} preserveAspectRatio="none" className="block h-36 w-full border-b border-border-strong">
          {barsOf(intervals, scale).map((bar, index) => (
            <g key={intervals[index]?.at} className={cn(active !== null && active !== index && 'opacity-60')}>
              <rect x={bar.x} width={bar.width} y={bar.success.y} height={bar.success.height} className="fill-tone opacity-50 tone-ok" />
              <rect x={bar.x} width={bar.width} y={bar.failed.y} height={bar.failed.height} className="fill-tone tone-fail" />
              {bar.isCut && <rect x={bar.x} width={bar.width} y={BREAK_PART.y} height={BREAK_PART.height} className="fill-surface" />}
            </g>
          ))}
        </svg>
        {isQuiet && <p className="absolute inset-0 grid place-items-center text-sm text-text-3">{t.quiet(range)}</p>}
        {shown && active !== null && (
          <p
            aria-hidden
            style={{ left: `clamp(0px, calc(${centre(active, intervals.length)} - 9rem), calc(100% - min(18rem, 100%)))` }}
            className="pointer-events-none absolute -top-5 w-72 max-w-full text-center text-xs"
          >
            <span className="inline-block rounded-control border bg-raised px-2 py-1 text-text">
              <span className="font-medium">
                {when(shown.at)} {zone}
              </span>
              <span className="block text-text-2">{describe(shown)}</span>
            </span>
          </p>
        )}
      </div>
      <p aria-hidden className="flex justify-between gap-x-2 pt-2 text-xs whitespace-nowrap text-text-3">
        {tickIndexes(intervals.length).map((index, place, all) => (
          // Five labels with weekdays need more room than a phone has.
          <span key={index} className={cn(place % 2 === 1 && place < all.length - 1 && 'max-sm:hidden')}>
            {when(intervals[index]!.at)}
            {place === all.length - 1 && ` ${zone}`}
          </span>
        ))}
      </p>
    </div>
  );
}

const centre = (index: number, count: number) => `${(((index + 0.5) / count) * 100).toFixed(2)}%`;

function walk(event: KeyboardEvent, active: number | null, count: number, setActive: (index: number | null) => void) {
  const from = active ?? count;
  const moves: Record<string, number | null> = {
    ArrowLeft: Math.max(0, from - 1),
    ArrowRight: Math.min(count - 1, from + 1),
    Home: 0,
    End: count - 1,
    Escape: null,
  };
  const next = moves[event.key];
  if (next === undefined) return;
  event.preventDefault();
  setActive(next);
}
