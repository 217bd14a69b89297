'use client';

import { Pause, Play } from 'lucide-react';
import { cn } from '@/lib/cn';
import { defineWords, useWords } from '@/lib/i18n';
import { useLive, type LiveState } from '@/lib/live/provider';
import { TONE_CLASS, type Tone } from '@/lib/states';

const words = defineWords(
  {
    connecting: 'Connecting…',
    live: 'Live',
    paused: 'Paused',
    polling: 'No live stream · read every 5 s',
    degraded: 'API waits for Redis',
    pause: 'Pause: keep the page as it is',
    resume: 'Go on live',
  },
  {
    connecting: 'Menghubungkan…',
    live: 'Langsung',
    paused: 'Dijeda',
    polling: 'Tanpa aliran · dibaca tiap 5 dtk',
    degraded: 'API menunggu Redis',
    pause: 'Jeda: biarkan halaman apa adanya',
    resume: 'Lanjut langsung',
  },
);

const TONES: Record<LiveState, Tone> = {
  connecting: 'neutral',
  live: 'ok',
  paused: 'neutral',
  polling: 'retry',
  degraded: 'retry',
};

/** How the page keeps up with what happens, and the control that holds it still. */
export function LiveBadge() {
  const t = useWords(words);
  const { state, pause, resume } = useLive();
  const isPaused = state === 'paused';
  const Icon = isPaused ? Play : Pause;
  return (
    <div className="flex items-center gap-1">
      <span role="status" data-live={state} className={cn('flex items-center gap-1.5 text-xs text-text-2', TONE_CLASS[TONES[state]])}>
        <span
          aria-hidden
          className={cn('size-1.5 rounded-full', state === 'live' || state === 'polling' || state === 'degraded' ? 'bg-tone' : 'border border-tone')}
        />
        <span className={cn(state === 'live' && 'max-sm:sr-only', 'truncate max-sm:max-w-28')}>{t[state]}</span>
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
