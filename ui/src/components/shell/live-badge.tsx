'use client';

import { Pause, Play } from 'lucide-react';
import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { useHealth, useLive, type LiveState } from '@/lib/live/provider';
import { useNow } from '@/lib/now';
import { useSession } from '@/lib/session';
import { TONE_CLASS, type Tone } from '@/lib/run-states';
import { formatClock, formatRough, zoneName } from '@/lib/time';

const translations = defineTranslations(
  {
    connecting: 'Connecting…',
    live: 'Live',
    paused: 'Paused',
    polling: 'No live stream · reloads every 5 s',
    degraded: 'API waits for Redis',
    stale: 'Not live',
    pause: 'Pause live updates',
    resume: 'Resume live updates',
    age: (clock: string, age: string) => `Shown: data of ${clock} (${age} old)`,
  },
  {
    connecting: 'Menghubungkan…',
    live: 'Langsung',
    paused: 'Dijeda',
    polling: 'Tanpa siaran langsung · dimuat ulang tiap 5 dtk',
    degraded: 'API menunggu Redis',
    stale: 'Tidak langsung',
    pause: 'Jeda pembaruan langsung',
    resume: 'Lanjutkan pembaruan langsung',
    age: (clock: string, age: string) => `Yang tampil: data pukul ${clock} (${age} lalu)`,
  },
);

const TONES: Record<LiveState, Tone> = {
  connecting: 'neutral',
  live: 'ok',
  paused: 'neutral',
  polling: 'retry',
  degraded: 'retry',
  stale: 'fail',
};
const FILLED: ReadonlySet<LiveState> = new Set(['live', 'polling', 'degraded', 'stale']);

/** The live state of the page, the age of its data, and the control that pauses updates. */
export function LiveBadge() {
  const t = useTranslations(translations);
  const { state, pause, resume } = useLive();
  const isPaused = state === 'paused';
  const Icon = isPaused ? Play : Pause;
  return (
    <div className="flex items-center gap-1">
      <span className={cn('flex items-center gap-1.5 text-xs text-text-2', TONE_CLASS[TONES[state]])}>
        <span aria-hidden className={cn('size-1.5 rounded-full', FILLED.has(state) ? 'bg-tone' : 'border border-tone')} />
        <span
          role="status"
          data-live={state}
          className={cn(state === 'live' && 'max-sm:sr-only', state === 'stale' && 'font-medium text-tone-text', 'truncate max-sm:max-w-28')}
        >
          {t[state]}
        </span>
        <Age />
      </span>
      <button
        type="button"
        aria-label={isPaused ? t.resume : t.pause}
        title={isPaused ? t.resume : t.pause}
        onClick={isPaused ? resume : pause}
        className="grid size-6 place-items-center rounded-control text-text-3 hover:bg-hover hover:text-text"
      >
        <Icon aria-hidden className="size-3.5" />
      </button>
    </div>
  );
}

/** The age of the shown data, ticking; outside of the status, so that it is not announced each second. */
function Age() {
  const t = useTranslations(translations);
  const lang = useLang();
  const { timezone } = useSession();
  const now = useNow();
  const freshAt = useHealth((health) => health.freshAt);
  if (freshAt === 0) return null;
  const age = formatRough(Math.max(0, now - freshAt), lang);
  const clock = `${formatClock(freshAt, timezone)} ${zoneName(timezone, freshAt)}`;
  return (
    <span data-age title={t.age(clock, age)} className="text-text-3">
      {age}
    </span>
  );
}
