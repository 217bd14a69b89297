'use client';

import { cn } from '@/lib/cn';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import type { Schemas } from '@/lib/api/client';
import { WATCH_STATES, type WatchState } from '@/lib/monitor-states';
import { RUN_STATES, TONE_CLASS } from '@/lib/run-states';
import { formatDuration, formatNumber } from '@/lib/time';
import { useBarNavigation } from './use-bar-navigation';

type Brief = Schemas['RunBriefBody'];

const translations = defineTranslations(
  {
    none: 'No runs yet',
    summary: (runs: string, failed: string, last: string) => `Last ${runs} runs: ${failed} failed. Newest: ${last}`,
    target: (state: string) => `What it watches: ${state}`,
    place: (n: number, of: number) => `Run ${n} of ${of}`,
  },
  {
    none: 'Belum ada run',
    summary: (runs: string, failed: string, last: string) => `${runs} run terakhir: ${failed} gagal. Terbaru: ${last}`,
    target: (state: string) => `Yang dipantau: ${state}`,
    place: (n: number, of: number) => `Run ${n} dari ${of}`,
  },
);

const BAR_PX = 4;
const GAP_PX = 2;
const BOX_PX = 18;
const EMPTY_PX = 2;

type Props = {
  /** Newest first, as in the API. */
  runs: readonly Brief[];
  /** The number of bars. */
  length?: number;
  /** The present state of what a monitor watches: a check that was made may have found it down. */
  monitor?: WatchState;
  className?: string;
};

/** The last runs, oldest left; height is the outcome. Arrow keys walk the bars, Enter opens the run. */
export function RunStrip({ runs, length = 40, monitor, className }: Props) {
  const t = useTranslations(translations);
  const lang = useLang();
  const shown = runs.slice(0, length).toReversed();
  const { active, open, onKeyDown, onBlur } = useBarNavigation(shown);
  const offset = length - shown.length;
  const newest = shown.at(-1);

  const describe = (run: Brief) => {
    const length = run.duration_ms === null ? '' : ` · ${formatDuration(run.duration_ms, lang)}`;
    return `${RUN_STATES[run.status].label[lang]}${length}`;
  };
  const summary = newest
    ? t.summary(
        formatNumber(shown.length, lang),
        formatNumber(shown.filter((run) => run.status === 'failed').length, lang),
        describe(newest),
      )
    : t.none;
  const sentence = newest && monitor ? `${summary}. ${t.target(WATCH_STATES[monitor].label[lang])}` : summary;
  const current = active === null ? undefined : shown[active];

  return (
    <span
      role="img"
      aria-label={current && active !== null ? `${t.place(active + 1, shown.length)}: ${describe(current)}` : sentence}
      title={current ? describe(current) : sentence}
      tabIndex={shown.length > 0 ? 0 : -1}
      onKeyDown={onKeyDown}
      onBlur={onBlur}
      className={cn('relative z-10 inline-flex max-w-full justify-end overflow-hidden align-middle', className)}
    >
      <svg
        aria-hidden
        width={length * (BAR_PX + GAP_PX) - GAP_PX}
        height={BOX_PX}
        className="block shrink-0"
        onClick={(event) => {
          const id = (event.target as Element).getAttribute('data-run');
          if (id) open({ run_id: id });
        }}
      >
        {Array.from({ length: offset }, (_, place) => (
          <rect key={place} x={place * (BAR_PX + GAP_PX)} y={BOX_PX - EMPTY_PX} width={BAR_PX} height={EMPTY_PX} rx={1} className="fill-border" />
        ))}
        {shown.map((run, index) => {
          const look = RUN_STATES[run.status];
          return (
            <rect
              key={run.run_id}
              data-run={run.run_id}
              data-status={run.status}
              x={(offset + index) * (BAR_PX + GAP_PX)}
              y={BOX_PX - look.barPx}
              width={BAR_PX}
              height={look.barPx}
              rx={1}
              className={cn(
                'cursor-pointer fill-tone hover:opacity-100',
                TONE_CLASS[look.tone],
                run.status === 'success' && active !== index && 'opacity-50',
                active === index && 'stroke-focus stroke-2',
              )}
            >
              <title>{describe(run)}</title>
            </rect>
          );
        })}
      </svg>
    </span>
  );
}
