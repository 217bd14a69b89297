'use client';

import type { PointerEvent, ReactNode } from 'react';
import { useBarNavigation } from '@/components/use-bar-navigation';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { RUN_STATES, TONE_CLASS } from '@/lib/run-states';
import { formatDuration, formatNumber, formatRelative } from '@/lib/time';
import { axisTop, figuresOf, type Bar } from './history';

const translations = defineTranslations(
  {
    duration: 'Duration',
    top: (most: string) => `full height ${most}`,
    p95: (ms: string) => `p95 ${ms}`,
    summary: (n: string, from: string, to: string, middle: string, failed: string) =>
      `Durations of the last ${n} runs that ended: ${from} to ${to}, half of them no longer than ${middle}; ${failed} failed.`,
    noneEnded: 'Durations: no run has ended yet.',
  },
  {
    duration: 'Durasi',
    top: (most: string) => `tinggi penuh ${most}`,
    p95: (ms: string) => `p95 ${ms}`,
    summary: (n: string, from: string, to: string, middle: string, failed: string) =>
      `Durasi ${n} run terakhir yang selesai: ${from} sampai ${to}, separuhnya tidak lebih dari ${middle}; ${failed} gagal.`,
    noneEnded: 'Durasi: belum ada run yang selesai.',
  },
);

// The same geometry as the run strip, so that each bar is above its outcome.
const STEP_PX = 6;
const BAR_PX = 4;
const HEIGHT_PX = 96;
const MIN_BAR_PX = 2;

type Props = {
  /** Newest first. */
  bars: readonly Bar[];
  length: number;
  /** Content below the bars, with the same width. */
  children: ReactNode;
};

/** How long each run took, oldest left. Arrow keys walk the bars, Enter opens the run. */
export function DurationChart({ bars, length, children }: Props) {
  const t = useTranslations(translations);
  const lang = useLang();
  const shown = bars.slice(0, length).toReversed();
  const { active, setActive, open, onKeyDown, onBlur } = useBarNavigation(shown);
  const offset = length - shown.length;
  const current = active === null ? undefined : shown[active];
  const figures = figuresOf(shown);
  const top = axisTop(figures?.longest ?? 0);
  const width = length * STEP_PX - (STEP_PX - BAR_PX);
  const y = (ms: number) => HEIGHT_PX - (ms / top) * (HEIGHT_PX - 1);

  const point = (event: PointerEvent<SVGSVGElement>) => {
    const place = Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left) / STEP_PX) - offset;
    setActive(place >= 0 && place < shown.length ? place : null);
  };
  const duration = (ms: number) => formatDuration(ms, lang);
  const summary = figures
    ? t.summary(
        formatNumber(figures.ended, lang),
        duration(figures.shortest),
        duration(figures.longest),
        duration(figures.p50),
        formatNumber(figures.failed, lang),
      )
    : t.noneEnded;
  return (
    <>
      <p className="flex h-5 items-center gap-2 text-xs text-text-3">
        <span>{t.duration}</span>
        <span className="ml-auto truncate" aria-live="polite">
          {current ? (
            <BarDetails bar={current} />
          ) : (
            figures && `${t.p95(duration(figures.p95))} · ${t.top(duration(top))}`
          )}
        </span>
      </p>
      {/* Narrow screens show the newest end and scroll to the rest. */}
      <div dir="rtl" className="overflow-x-auto py-1">
        <div dir="ltr" className="w-fit">
          <svg
            role="img"
            aria-label={current ? `${RUN_STATES[current.status].label[lang]} · ${current.duration_ms === null ? '–' : duration(current.duration_ms)}` : summary}
            tabIndex={0}
            width={width}
            height={HEIGHT_PX}
            onPointerMove={point}
            onPointerLeave={() => setActive(null)}
            onBlur={onBlur}
            onClick={() => open(current)}
            onKeyDown={onKeyDown}
            className={cn('block rounded-[2px]', current && 'cursor-pointer')}
          >
            {[0, 0.5, 1].map((share) => (
              <line key={share} x1={0} x2={width} y1={y(top * share) - (share === 0 ? 0.5 : -0.5)} y2={y(top * share) - (share === 0 ? 0.5 : -0.5)} className="stroke-border" />
            ))}
            {active !== null && <rect x={(offset + active) * STEP_PX - 1} y={0} width={STEP_PX} height={HEIGHT_PX} className="fill-selected" />}
            {shown.map((bar, index) => (
              <DurationBar key={bar.run_id} bar={bar} x={(offset + index) * STEP_PX} y={y(bar.duration_ms ?? 0)} />
            ))}
            {figures && <line x1={0} x2={width} y1={y(figures.p95)} y2={y(figures.p95)} strokeDasharray="3 3" className="stroke-text-2" data-line="p95" />}
          </svg>
          {children}
        </div>
      </div>
    </>
  );
}

function DurationBar({ bar, x, y }: { bar: Bar; x: number; y: number }) {
  const top = Math.min(y, HEIGHT_PX - MIN_BAR_PX);
  return (
    <rect
      data-run={bar.run_id}
      data-status={bar.status}
      x={x}
      y={top}
      width={BAR_PX}
      height={HEIGHT_PX - top}
      rx={1}
      className={cn('fill-tone', TONE_CLASS[RUN_STATES[bar.status].tone], bar.status === 'success' && 'opacity-60')}
    />
  );
}

/** The details of one bar as text. */
function BarDetails({ bar }: { bar: Bar }) {
  const lang = useLang();
  const now = useNow();
  const parts = [
    RUN_STATES[bar.status].label[lang],
    bar.duration_ms === null ? null : formatDuration(bar.duration_ms, lang),
    bar.created_at === null ? null : formatRelative(bar.created_at, now, lang),
  ];
  return <span className="text-text">{parts.filter((part) => part !== null).join(' · ')}</span>;
}
