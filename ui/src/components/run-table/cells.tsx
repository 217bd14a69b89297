'use client';

import { MonitorIcon } from '@/components/monitor-state/monitor-badge';
import { StateIcon } from '@/components/state-badge';
import { Duration, Elapsed } from '@/components/time';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import type { RunRow } from '@/lib/api/queries';
import { WATCH_STATES, foundBy } from '@/lib/monitor-states';
import { firstLine, labelOf, triesOf, waitOf } from '@/lib/runs';
import { RUN_STATES, TONE_CLASS, stateOf } from '@/lib/run-states';
import { runTableTranslations } from './translations';

/** Icon and word of a run's state; of a check that was made, what it found. */
export function StateCell({ run }: { run: RunRow }) {
  const lang = useLang();
  const state = stateOf(run);
  const found = foundBy(run);
  if (found !== null) {
    const name = `${WATCH_STATES[found].label[lang]} (${RUN_STATES[state].label[lang]})`;
    return (
      <span className="flex min-w-0 items-center gap-1.5" title={name} data-state={state}>
        <MonitorIcon state={found} />
        <span className="truncate" aria-hidden>
          {WATCH_STATES[found].label[lang]}
        </span>
      </span>
    );
  }
  return (
    <span className="flex min-w-0 items-center gap-1.5">
      <StateIcon state={state} />
      <span className="truncate" aria-hidden>
        {RUN_STATES[state].label[lang]}
      </span>
    </span>
  );
}

export function TryCell({ run }: { run: RunRow }) {
  const t = useTranslations(runTableTranslations);
  const { n, of } = triesOf(run);
  return <span className={cn(n === 1 && 'text-text-3')}>{t.tryOf(n, of)}</span>;
}

/** A duration with a bar relative to the longest one; it grows while the run is active. */
export function DurationCell({ run, longestMs }: { run: RunRow; longestMs: number }) {
  const found = foundBy(run);
  const tone = TONE_CLASS[found === null ? RUN_STATES[stateOf(run)].tone : WATCH_STATES[found].tone];
  const isRunning = run.status === 'running' && run.started_at !== null;
  if (!isRunning && run.duration_ms === null) return <span className="text-text-3">–</span>;
  return (
    <span className="flex items-center gap-2">
      <span className="min-w-14 shrink-0">
        {isRunning && run.started_at !== null ? <Elapsed from={run.started_at} /> : <Duration ms={run.duration_ms} />}
      </span>
      <span aria-hidden className={cn('hidden h-1 min-w-0 flex-1 xl:block', tone)}>
        {isRunning && run.started_at !== null ? (
          <RunningBar from={run.started_at} longestMs={longestMs} />
        ) : (
          <Bar share={(run.duration_ms ?? 0) / longestMs} />
        )}
      </span>
    </span>
  );
}

function Bar({ share }: { share: number }) {
  return (
    <span
      className="block h-1 min-w-0.5 rounded-full bg-tone opacity-60"
      style={{ width: `${Math.min(100, Math.max(0, share * 100)).toFixed(1)}%` }}
      suppressHydrationWarning
    />
  );
}

function RunningBar({ from, longestMs }: { from: string; longestMs: number }) {
  const elapsed = Math.max(0, useNow() - new Date(from).getTime());
  return <Bar share={elapsed / Math.max(longestMs, elapsed, 1)} />;
}

/** A note on a run: what is wrong with the target of a check, the first line of its error, a lost worker, or the reason why it waits. */
export function NoteCell({ run }: { run: RunRow }) {
  const t = useTranslations(runTableTranslations);
  const wait = waitOf(run.waiting_for);
  const problem = run.found && run.found.state !== 'up' && run.status === 'success' ? run.found : null;
  const parts = [
    problem && firstLine(problem.detail),
    run.cancel_requested && RUN_STATES[run.status].isActive ? t.cancelling : null,
    run.crashes > 0 ? t.lost(run.crashes) : null,
    wait && run.status === 'queued'
      ? {
          pause: t.paused,
          own: t.waitsForOwn,
          key: t.waitsForKey(labelOf(wait)),
          rate: t.waitsForRate(labelOf(wait)),
          type: t.waitsForType(wait.name),
        }[wait.kind]
      : null,
    run.error ? firstLine(run.error.message) : null,
  ].filter((part) => part !== null && part !== '');
  if (parts.length === 0) return null;
  const text = parts.join(' · ');
  return (
    <span title={text} className={cn('block truncate', run.status === 'failed' || problem?.state === 'down' ? 'text-tone-text tone-fail' : run.status === 'success' && problem === null ? 'text-text-3' : 'text-text-2')}>
      {text}
    </span>
  );
}
