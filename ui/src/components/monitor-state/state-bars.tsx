'use client';

import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { WATCH_STATES, formatUptime, type WatchState } from '@/lib/monitor-states';
import { TONE_CLASS } from '@/lib/run-states';
import { formatDuration, formatNumber } from '@/lib/time';

type Unit = 'hour' | 'day';

const translations = defineTranslations(
  {
    each: (label: string, n: string, all: string, unit: Unit) => `${label}: in ${n} of ${all} ${{ hour: 'hours', day: 'days' }[unit]}`,
    lasted: (label: string, length: string) => `${label}: ${length}`,
    noData: 'No data',
    uptime: (share: string) => `uptime ${share}`,
    keys: 'Arrow keys walk the bars.',
    hours: 'Last 24 hours',
  },
  {
    each: (label: string, n: string, all: string, unit: Unit) => `${label}: pada ${n} dari ${all} ${{ hour: 'jam', day: 'hari' }[unit]}`,
    lasted: (label: string, length: string) => `${label}: ${length}`,
    noData: 'Tanpa data',
    uptime: (share: string) => `uptime ${share}`,
    keys: 'Tombol panah menelusuri batang.',
    hours: '24 jam terakhir',
  },
);

/** A time and the worst state that was seen in it. */
export type StateBar = { at: string; state: WatchState; uptime: number | null };

const STEP_PX = 6;
const BAR_PX = 4;
const BOX_PX = 18;

type Props = {
  /** Oldest first. */
  bars: readonly StateBar[];
  /** How long each state lasted, in ms; else the bars that show it are counted. */
  lengths?: ReadonlyMap<WatchState, number>;
  /** What the bars are: "Last 24 hours". */
  title?: string;
  /** What one bar stands for. */
  unit?: Unit;
  /** The name of one bar: "14:00–15:00 WIB". */
  nameOf: (bar: StateBar) => string;
  /** Arrow keys and the pointer name single bars in a line below; else the bars are only a picture. */
  walkable?: boolean;
  className?: string;
};

/** The states of a day or of a quarter, a bar each: height and colour show the worst one. */
export function StateBars({ bars, lengths, title, unit = 'hour', nameOf, walkable = false, className }: Props) {
  const t = useTranslations(translations);
  const lang = useLang();
  const [active, setActive] = useState<number | null>(null);
  const current = active === null ? undefined : bars[active];
  // Nothing was seen: before the first check too.
  const labelOf = (state: WatchState) => (state === 'unknown' ? t.noData : WATCH_STATES[state].label[lang]);
  const describe = (bar: StateBar) =>
    [`${nameOf(bar)}: ${labelOf(bar.state)}`, ...(bar.uptime === null ? [] : [t.uptime(formatUptime(bar.uptime, lang))])].join(' · ');
  const counts = (Object.keys(WATCH_STATES) as WatchState[])
    .map((state) => ({ state, count: bars.filter((bar) => bar.state === state).length }))
    .filter(({ count }) => count > 0);
  const all = formatNumber(bars.length, lang);
  const sumOf = ({ state, count }: (typeof counts)[number]) => {
    const ms = lengths?.get(state);
    return ms === undefined ? t.each(labelOf(state), formatNumber(count, lang), all, unit) : t.lasted(labelOf(state), formatDuration(ms, lang));
  };
  const sums = counts.map(sumOf).join(', ');
  const summary = `${title ?? t.hours}: ${sums}`;
  const walk = walkable && {
    tabIndex: 0,
    onKeyDown: (event: KeyboardEvent) => {
      const last = bars.length - 1;
      const from = active ?? bars.length;
      const moves: Record<string, number> = { ArrowLeft: Math.max(0, from - 1), ArrowRight: Math.min(last, from + 1), Home: 0, End: last };
      const next = moves[event.key];
      if (next === undefined) return;
      event.preventDefault();
      setActive(next);
    },
    onBlur: () => setActive(null),
    onPointerLeave: () => setActive(null),
    onPointerMove: (event: PointerEvent) => {
      const rect = event.currentTarget.getBoundingClientRect();
      setActive(Math.max(0, Math.min(bars.length - 1, Math.floor(((event.clientX - rect.left) / rect.width) * bars.length))));
    },
  };
  return (
    <span className={cn('grid min-w-0 gap-1', className)}>
      <span role="img" aria-label={current ? describe(current) : walkable ? `${summary}. ${t.keys}` : summary} className="block rounded-[2px]" {...walk}>
        <svg aria-hidden viewBox={`0 0 ${bars.length * STEP_PX - (STEP_PX - BAR_PX)} ${BOX_PX}`} preserveAspectRatio="none" className="block h-[18px] w-full">
          {bars.map((bar, index) => {
            const { barPx, tone } = WATCH_STATES[bar.state];
            return (
              <rect
                key={bar.at}
                data-bar={bar.state}
                x={index * STEP_PX}
                y={BOX_PX - barPx}
                width={BAR_PX}
                height={barPx}
                className={cn('fill-tone', TONE_CLASS[tone], index === active ? 'fill-ink' : bar.state === 'up' && 'opacity-60')}
              >
                {!walkable && <title>{describe(bar)}</title>}
              </rect>
            );
          })}
        </svg>
      </span>
      {walkable && (
        <span aria-hidden className="block truncate text-xs text-text-2">
          {current ? describe(current) : sums}
        </span>
      )}
    </span>
  );
}
