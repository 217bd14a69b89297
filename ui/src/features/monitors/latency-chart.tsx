'use client';

import { useState, type KeyboardEvent } from 'react';
import type { Schemas } from '@/lib/api/client';
import { useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { useSession } from '@/lib/session';
import { formatClock, formatEstimate, formatNumber, zoneName } from '@/lib/time';
import { CHART, QUARTER_MS, SLOTS, linesOf, slotsOf, topOf, type Slot } from './latency';
import { monitorsTranslations } from './translations';

type Props = { quarters: readonly Schemas['MonitorQuarterBody'][]; latency: Schemas['LatencyBody'] };

/** p50 and p95 of the last 24 hours by quarter hour. Arrow keys and the pointer read single ones. */
export function LatencyChart({ quarters, latency }: Props) {
  const t = useTranslations(monitorsTranslations);
  const lang = useLang();
  const { timezone } = useSession();
  const now = Math.floor(useNow() / QUARTER_MS) * QUARTER_MS;
  const [active, setActive] = useState<number | null>(null);
  if (latency.p50_ms === null || latency.p95_ms === null) return <p className="p-3.5 text-text-2">{t.noLatency}</p>;
  const slots = slotsOf(quarters, now);
  const top = topOf(quarters);
  const ms = (value: number) => formatEstimate(value, lang);
  const clock = (at: number) => formatClock(at, timezone, false);
  const zone = zoneName(timezone, now);
  const describe = ({ at, quarter }: Slot) => {
    const time = `${clock(at)}–${clock(at + QUARTER_MS)} ${zone}`;
    if (!quarter || quarter.p50_ms === null || quarter.p95_ms === null) return `${time}: –`;
    return `${time}: p50 ≈ ${ms(quarter.p50_ms)}, p95 ≈ ${ms(quarter.p95_ms)} · ${t.checks(formatNumber(quarter.checks, lang), quarter.checks === 1)}`;
  };
  const most = Math.max(...quarters.map((each) => each.p95_ms ?? 0));
  const summary = t.latencySummary(`≈ ${ms(latency.p50_ms)}`, `≈ ${ms(latency.p95_ms)}`, `≈ ${ms(most)}`);
  const current = active === null ? undefined : slots[active];
  const onKeyDown = (event: KeyboardEvent) => {
    const from = active ?? SLOTS;
    const moves: Record<string, number> = { ArrowLeft: Math.max(0, from - 1), ArrowRight: Math.min(SLOTS - 1, from + 1), Home: 0, End: SLOTS - 1 };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
  };
  return (
    <div className="p-3.5">
      <p aria-hidden className="flex min-h-5 flex-wrap items-center gap-x-4 gap-y-1 pb-2 text-xs text-text-2">
        {current ? (
          <span className="text-text">{describe(current)}</span>
        ) : (
          <>
            <Key name="p50" value={`≈ ${ms(latency.p50_ms)}`} />
            <Key name="p95" value={`≈ ${ms(latency.p95_ms)}`} dashed />
            <span className="ml-auto text-text-3">{t.top(ms(top))}</span>
          </>
        )}
      </p>
      <div
        role="img"
        tabIndex={0}
        aria-label={current ? describe(current) : summary}
        onKeyDown={onKeyDown}
        onBlur={() => setActive(null)}
        onPointerLeave={() => setActive(null)}
        onPointerMove={(event) => {
          const rect = event.currentTarget.getBoundingClientRect();
          setActive(Math.max(0, Math.min(SLOTS - 1, Math.floor(((event.clientX - rect.left) / rect.width) * SLOTS))));
        }}
      >
        <svg aria-hidden viewBox={`0 -2 ${CHART.width} ${CHART.height + 4}`} preserveAspectRatio="none" className="block h-32 w-full border-b border-border-strong">
          {[0, CHART.height / 2].map((y) => (
            <line key={y} x1={0} x2={CHART.width} y1={y} y2={y} className="stroke-border" vectorEffect="non-scaling-stroke" />
          ))}
          {active !== null && <rect x={active * 10} width={10} y={0} height={CHART.height} className="fill-selected" />}
          {linesOf(slots, 'p95_ms', top).map((points) => (
            <polyline key={points} points={points} fill="none" strokeDasharray="4 3" className="stroke-text-2" strokeWidth={1.5} vectorEffect="non-scaling-stroke" data-line="p95" />
          ))}
          {linesOf(slots, 'p50_ms', top).map((points) => (
            <polyline key={points} points={points} fill="none" className="stroke-text" strokeWidth={2} strokeLinejoin="round" vectorEffect="non-scaling-stroke" data-line="p50" />
          ))}
        </svg>
      </div>
      <p aria-hidden className="flex justify-between pt-2 text-xs text-text-3">
        {[0, 24, 48, 72, SLOTS - 1].map((index, place) => (
          <span key={index} className={place % 2 === 1 ? 'max-sm:hidden' : undefined}>
            {clock(slots[index]!.at)}
            {index === SLOTS - 1 && ` ${zone}`}
          </span>
        ))}
      </p>
    </div>
  );
}

function Key({ name, value, dashed }: { name: string; value: string; dashed?: boolean }) {
  return (
    <span className="flex items-center gap-1.5">
      <svg aria-hidden width={16} height={4}>
        <line x1={0} x2={16} y1={2} y2={2} strokeWidth={dashed ? 1.5 : 2} strokeDasharray={dashed ? '4 3' : undefined} className={dashed ? 'stroke-text-2' : 'stroke-text'} />
      </svg>
      {name} {value}
    </span>
  );
}
