'use client';

import { useState, type KeyboardEvent, type PointerEvent } from 'react';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { TONE_CLASS } from '@/lib/run-states';
import { formatClock, formatPercent, zoneName } from '@/lib/time';
import { QUARTER_MS, AVAILABILITY_BARS, AVAILABILITY_STATES, sharesOf, worstOf, type Share } from './availability';
import { ACCOUNT_STATES } from './accounts';
import type { Quarter } from './queries';

const translations = defineTranslations(
  { day: 'Last 24 h', unseen: 'not checked', none: 'No monitor has checked it in the last 24 h', keys: 'arrow keys move by a quarter hour' },
  { day: '24 jam terakhir', unseen: 'tidak ada yang mengecek', none: 'Belum ada monitor yang mengecek dalam 24 jam terakhir', keys: 'tombol panah menelusuri tiap seperempat jam' },
);

const STEP_PX = 6;
const BAR_PX = 4;
const BOX_PX = 18;
const UNSEEN_PX = 2;

/**
 * The availability of an account: a bar for each quarter hour, oldest left. The text below describes all, or the bar
 * under the pointer.
 */
export function AvailabilityStrip({ quarters, name }: { quarters: readonly Quarter[]; name: string }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const { timezone } = useSession();
  const [active, setActive] = useState<number | null>(null);
  const sharesText = (shares: Share[]) =>
    shares.map(({ state, share }) => `${ACCOUNT_STATES[state].label[lang]} ${formatPercent(share, lang)}`).join(', ');
  const describe = (quarter: Quarter) => {
    const from = formatClock(quarter.at, timezone, false);
    const to = formatClock(new Date(quarter.at).getTime() + QUARTER_MS, timezone, false);
    return `${from}–${to} ${zoneName(timezone, quarter.at)}: ${sharesText(sharesOf([quarter])) || t.unseen}`;
  };
  const shares = sharesOf(quarters);
  const summary = shares.length > 0 ? `${t.day}: ${sharesText(shares)}` : t.none;
  const current = active === null ? undefined : quarters[active];
  const line = current ? describe(current) : summary;

  const onKeyDown = (event: KeyboardEvent) => {
    const from = active ?? quarters.length;
    const last = quarters.length - 1;
    const moves: Record<string, number> = { ArrowLeft: Math.max(0, from - 1), ArrowRight: Math.min(last, from + 1), Home: 0, End: last };
    const next = moves[event.key];
    if (next === undefined) return;
    event.preventDefault();
    setActive(next);
  };
  const onPointer = (event: PointerEvent) => {
    const rect = event.currentTarget.getBoundingClientRect();
    const at = Math.floor(((event.clientX - rect.left) / rect.width) * quarters.length);
    setActive(Math.max(0, Math.min(quarters.length - 1, at)));
  };

  return (
    <div className="grid gap-1">
      <span
        role="img"
        aria-label={current ? line : `${name}. ${summary}. (${t.keys})`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setActive(null)}
        onPointerMove={onPointer}
        onPointerLeave={() => setActive(null)}
        className="block rounded-[2px]"
      >
        <svg aria-hidden viewBox={`0 0 ${quarters.length * STEP_PX - (STEP_PX - BAR_PX)} ${BOX_PX}`} preserveAspectRatio="none" className="block h-[18px] w-full">
          {quarters.map((quarter, index) => (
            <Bar key={quarter.at} quarter={quarter} x={index * STEP_PX} isActive={index === active} />
          ))}
        </svg>
      </span>
      <p aria-hidden title={line} className="flex h-4 items-center gap-3 overflow-hidden text-xs whitespace-nowrap text-text-2">
        {current || shares.length === 0 ? <span className="truncate">{line}</span> : <Legend title={t.day} shares={shares} />}
      </p>
    </div>
  );
}

function Bar({ quarter, x, isActive }: { quarter: Quarter; x: number; isActive: boolean }) {
  const worst = worstOf(quarter);
  const height = worst ? AVAILABILITY_BARS[worst].barPx : UNSEEN_PX;
  return (
    <rect
      data-state={worst ?? 'unseen'}
      x={x}
      y={BOX_PX - height}
      width={BAR_PX}
      height={height}
      className={cn(
        worst ? cn('fill-tone', TONE_CLASS[AVAILABILITY_BARS[worst].tone]) : 'fill-border',
        isActive ? 'fill-ink' : worst === 'up' && 'opacity-50',
      )}
    />
  );
}

/** The shares of the day, each with its bar and label. */
function Legend({ title, shares }: { title: string; shares: Share[] }) {
  const lang = useLang();
  return (
    <>
      <span className="text-text-3">{title}</span>
      {shares.toSorted((a, b) => AVAILABILITY_STATES.indexOf(b.state) - AVAILABILITY_STATES.indexOf(a.state)).map(({ state, share }) => (
        <span key={state} className={cn('flex items-end gap-1', TONE_CLASS[AVAILABILITY_BARS[state].tone])}>
          <svg aria-hidden width={BAR_PX} height={AVAILABILITY_BARS[state].barPx * 0.6} className="mb-0.5">
            <rect width={BAR_PX} height="100%" className={cn('fill-tone', state === 'up' && 'opacity-50')} />
          </svg>
          {ACCOUNT_STATES[state].label[lang]} {formatPercent(share, lang)}
        </span>
      ))}
    </>
  );
}
