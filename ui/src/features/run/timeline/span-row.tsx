'use client';

import { Activity, Check, ChevronRight, CircleCheck, CircleSlash, CircleX, Hourglass, LoaderCircle, RotateCw, Undo2, Unplug, X, type LucideIcon } from 'lucide-react';
import { Tooltip } from '@/components/ui/tooltip';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { firstLine, shortWorker } from '@/lib/runs';
import { useSession } from '@/lib/session';
import { TONE_CLASS } from '@/lib/run-states';
import { formatDuration, formatLogClock, zoneName } from '@/lib/time';
import { timeOf, type TimelineRow } from './fold';
import type { Span } from './spans';
import { timelineTranslations } from './translations';

export const TIMELINE_GRID = 'grid grid-cols-[minmax(0,60%)_minmax(0,1fr)] items-center lg:grid-cols-[260px_minmax(0,1fr)]';

const TIMES = ' × ';

type BarState = NonNullable<Span['attempt']>['outcome'] | 'answered' | 'refused' | 'wait' | 'backoff' | 'run';

const ICONS: Record<BarState, LucideIcon> = {
  running: LoaderCircle,
  success: CircleCheck,
  failed: CircleX,
  retrying: CircleX,
  cancelled: CircleSlash,
  released: Undo2,
  crashed: Unplug,
  answered: Check,
  refused: X,
  wait: Hourglass,
  backoff: RotateCw,
  run: Activity,
};
const INDENT = ['pl-3.5', 'pl-5 lg:pl-7', 'pl-6 lg:pl-[42px]', 'pl-7 lg:pl-14'] as const;

type Words = (typeof timelineTranslations)['en'];

function nameOf(span: Span, t: Words, members?: readonly Span[]): string {
  if (members && span.call) return `${span.call.tool}.${span.call.op}${TIMES}${members.length}`;
  if (span.kind === 'run') return t.run;
  if (span.kind === 'attempt' && span.attempt) {
    const { attempt, outcome } = span.attempt;
    // Outcomes that the colour of a bar does not show: the worker was lost, or it returned the run.
    return outcome === 'crashed' || outcome === 'released' ? `${t.attempt(attempt)} · ${t[outcome]}` : t.attempt(attempt);
  }
  if (span.kind === 'call' && span.call) return `${span.call.tool}.${span.call.op}${span.call.target ? ` ${span.call.target}` : ''}`;
  if (span.kind === 'delay') return span.isOpen ? t.delayOpen : t.delay;
  return { queue: t.queue, backoff: t.backoff, decision: t.decision, call: '', attempt: '' }[span.kind];
}

/** The text next to a bar: why a tool call failed, or how and where an attempt ended. */
function noteOf(span: Span, t: Words, members?: readonly Span[]): string {
  if (members) {
    const failed = members.filter((each) => each.tone === 'fail').length;
    return failed > 0 ? t.failedCalls(failed, members.length) : '';
  }
  if (span.call) return span.call.error ? firstLine(span.call.error) : '';
  if (!span.attempt) return '';
  const { outcome, error, worker } = span.attempt;
  const errorText = error ? firstLine(error.message) : '';
  const isNamed = outcome === 'crashed' || outcome === 'released';
  return [isNamed ? '' : t[outcome], errorText, shortWorker(worker)].filter(Boolean).join(' · ');
}

function barStateOf(span: Span): BarState {
  if (span.call) return span.call.ok ? 'answered' : 'refused';
  if (span.attempt) return span.attempt.outcome;
  if (span.kind === 'run' || span.kind === 'backoff') return span.kind;
  return 'wait';
}

type Props = TimelineRow & { from: number; length: number; now: number; marks: readonly number[]; onToggle: (id: string) => void };

export function SpanRow({ span, members, isUnfolded, from, length, now, marks, onToggle }: Props) {
  const t = useTranslations(timelineTranslations);
  const lang = useLang();
  const { timezone } = useSession();
  const Icon = ICONS[barStateOf(span)];
  const name = nameOf(span, t, members);
  const note = noteOf(span, t, members);
  const end = span.isOpen ? now : span.to;
  const took = members ? timeOf(members) : span.from !== null && end !== null ? Math.max(0, end - span.from) : null;
  const start = span.from === null ? 0 : clamp((span.from - from) / length);
  const stop = end === null ? start : clamp((end - from) / length);
  const timeText = span.from === null ? t.unknown : t.from(`${formatLogClock(span.from, timezone)} ${zoneName(timezone, span.from)}`);
  return (
    <div
      role="row"
      className={cn(TIMELINE_GRID, 'h-7 border-b last:border-b-0 hover:bg-hover', TONE_CLASS[span.tone])}
    >
      <span role="cell" className={cn('flex min-w-0 items-center gap-1.5 pr-2 lg:gap-2 lg:pr-3', INDENT[span.depth])}>
        <Icon aria-hidden className="size-3.5 shrink-0 text-tone" strokeWidth={2.25} />
        {members ? (
          <button
            type="button"
            aria-expanded={isUnfolded}
            onClick={() => onToggle(span.id)}
            className="flex min-w-0 items-center gap-1 rounded-[4px] font-mono text-xs hover:underline"
          >
            <span className="truncate">{name.split(TIMES)[0]}</span>
            <span className="shrink-0">{`× ${members.length}`}</span>
            <ChevronRight aria-hidden className={cn('size-3 shrink-0 text-text-3', isUnfolded && 'rotate-90')} />
          </button>
        ) : (
          // The name may be cut: a tap or the pointer shows all of it.
          <Tooltip content={() => [name, note, timeText].filter(Boolean).map((line) => <span key={line} className="block max-w-[80vw] break-words">{line}</span>)} isTabStop={false} className="min-w-0">
            <span className={cn('block truncate', span.kind === 'call' && 'font-mono text-xs')}>{name}</span>
          </Tooltip>
        )}
        <span className="ml-auto shrink-0 text-text-3" suppressHydrationWarning>
          {took === null ? '–' : formatDuration(took, lang)}
        </span>
      </span>
      <span role="cell" className="relative h-full border-l">
        {marks.slice(1).map((mark) => (
          <span key={mark} aria-hidden className="absolute inset-y-0 border-l" style={{ left: `${(mark / length) * 100}%` }} suppressHydrationWarning />
        ))}
        {(members ?? [span]).map((each) => {
          if (each.from === null) return null;
          const until = each.isOpen ? now : (each.to ?? each.from);
          return <Bar key={each.id} span={each} start={clamp((each.from - from) / length)} stop={clamp((until - from) / length)} />;
        })}
        {note && span.kind !== 'run' && <Note text={note} start={start} stop={stop} isAlarming={span.tone === 'fail'} />}
        <span className="sr-only">{timeText}</span>
      </span>
    </div>
  );
}

function Bar({ span, start, stop }: { span: Span; start: number; stop: number }) {
  const isWait = span.kind !== 'run' && span.kind !== 'attempt' && span.kind !== 'call';
  const isWorking = span.isOpen && !isWait && span.tone === 'run';
  return (
    <span
      aria-hidden
      data-bar={span.kind}
      suppressHydrationWarning
      className={cn(
        'absolute top-1/2 min-w-0.5 -translate-y-1/2 rounded-[2px]',
        isWait ? 'h-1 opacity-55' : 'h-2.5',
        TONE_CLASS[span.tone],
        isWorking ? 'stripes' : 'bg-tone',
      )}
      style={{ left: `min(${(start * 100).toFixed(3)}%, calc(100% - 2px))`, width: `${((stop - start) * 100).toFixed(3)}%` }}
    />
  );
}

const ROOM = 0.3;

/** Right of the bar, or left of it if there is more room; the tooltip of the name always has it. */
function Note({ text, start, stop, isAlarming }: { text: string; start: number; stop: number; isAlarming: boolean }) {
  const behind = 1 - stop >= ROOM;
  if (!behind && start < ROOM) return null;
  const style = behind
    ? { left: `calc(${(stop * 100).toFixed(3)}% + 8px)`, right: 8 }
    : { right: `calc(${((1 - start) * 100).toFixed(3)}% + 8px)`, left: 8 };
  return (
    <span
      suppressHydrationWarning
      style={style}
      className={cn(
        'absolute top-1/2 hidden -translate-y-1/2 truncate text-xs lg:block',
        !behind && 'text-right',
        isAlarming ? 'text-tone-text' : 'text-text-3',
      )}
    >
      {text}
    </span>
  );
}

function clamp(share: number): number {
  return Math.min(1, Math.max(0, share));
}
