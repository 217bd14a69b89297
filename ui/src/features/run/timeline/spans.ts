import type { Schemas } from '@/lib/api/client';
import type { RunDetail } from '@/lib/api/queries';
import { RUN_STATES, stateOf, type Tone } from '@/lib/run-states';

type Attempt = Schemas['AttemptBody'];
type Call = Schemas['ToolCallBody'];

/**
 * The kind of a timeline row. Waits: `delay` until it is due, `queue` for a worker, `backoff` between attempts,
 * `decision` as a dead letter.
 */
export type SpanKind = 'run' | 'attempt' | 'call' | 'delay' | 'queue' | 'backoff' | 'decision';

export type Span = {
  id: string;
  kind: SpanKind;
  depth: 0 | 1 | 2 | 3;
  tone: Tone;
  /** Epoch milliseconds; null if the start is unknown. */
  from: number | null;
  /** Null while it is active, and if the end is unknown. */
  to: number | null;
  /** True while it is active: the bar extends to now. */
  isOpen: boolean;
  attempt?: Attempt;
  call?: Call;
};

export type Timeline = { from: number; to: number; spans: Span[] };

const OUTCOME_TONES: Record<Attempt['outcome'], Tone> = {
  running: 'run',
  success: 'ok',
  failed: 'fail',
  retrying: 'fail',
  cancelled: 'neutral',
  released: 'neutral',
  crashed: 'fail',
};
/** A shorter wait between two attempts is not shown. */
const MIN_WAIT_MS = 100;

const ms = (at: string | null) => (at === null ? null : new Date(at).getTime());

/** The timeline of a run: the run, its waits, attempts and tool calls, in order of time. */
export function timelineOf(run: RunDetail, now: number): Timeline {
  const createdMs = ms(run.created_at) ?? now;
  const ended = ms(run.ended_at);
  const isActive = RUN_STATES[run.status].isActive;
  const to = Math.max(createdMs, ended ?? (isActive ? now : latest(run, createdMs)));
  const spans: Span[] = [
    { id: 'run', kind: 'run', depth: 0, tone: RUN_STATES[stateOf(run)].tone, from: createdMs, to: isActive ? null : to, isOpen: isActive },
  ];
  const attempts = run.attempts.toSorted((a, b) => a.attempt - b.attempt);
  let before: Attempt | undefined;
  for (const [at, attempt] of attempts.entries()) {
    const started = ms(attempt.started_at);
    spans.push(...waitsBetween(run, before, createdMs, started, at === attempts.length - 1));
    const next = ms(attempts[at + 1]?.started_at ?? null);
    const isOpen = attempt.outcome === 'running' && isActive;
    const end = isOpen ? null : (ms(attempt.ended_at) ?? next ?? ended);
    spans.push({
      id: `attempt-${attempt.attempt}`,
      kind: 'attempt',
      depth: 1,
      tone: OUTCOME_TONES[attempt.outcome],
      from: started,
      to: started === null ? null : end,
      isOpen: isOpen && started !== null,
      attempt,
    });
    spans.push(...attempt.calls.map((call) => callSpan(attempt, call)));
    before = attempt;
  }
  if (before?.outcome !== 'running') spans.push(...waitsAtEnd(run, before, createdMs));
  return { from: createdMs, to, spans };
}

/** How long a run that was started waited for a worker, before all of its attempts; the same waits are in its timeline. */
export function queueWaitOf(run: RunDetail): number {
  const waits = timelineOf(run, 0).spans.filter((span) => span.kind === 'queue');
  const shown = waits.reduce((sum, { from, to }) => sum + (from === null || to === null ? 0 : to - from), 0);
  return shown || Math.max(0, (ms(run.started_at) ?? 0) - (ms(run.queued_at) ?? 0));
}

function callSpan(attempt: Attempt, call: Call): Span {
  return {
    id: `call-${attempt.attempt}-${call.n}`,
    kind: 'call',
    depth: 2,
    tone: call.ok ? 'ok' : 'fail',
    from: call.at,
    to: call.at + call.duration_ms,
    isOpen: false,
    attempt,
    call,
  };
}

function wait(kind: SpanKind, from: number, to: number | null): Span {
  const tone = kind === 'backoff' ? 'retry' : kind === 'decision' ? 'fail' : 'neutral';
  return { id: `${kind}-${from}`, kind, depth: 1, tone, from, to, isOpen: to === null };
}

/** The wait between the previous attempt (or the creation of the run) and this one. */
function waitsBetween(run: RunDetail, before: Attempt | undefined, made: number, started: number | null, isLast: boolean): Span[] {
  const from = before === undefined ? made : ms(before.ended_at);
  if (from === null || started === null || started < from) return [];
  // The queue entry time is only known for the last attempt.
  const queued = isLast ? ms(run.queued_at) : null;
  const isQueuedLater = queued !== null && queued - from >= MIN_WAIT_MS && queued <= started;
  const kind = waitAfter(before, isQueuedLater);
  const waits = isQueuedLater
    ? [wait(kind, from, queued), ...(started - queued >= MIN_WAIT_MS ? [wait('queue', queued, started)] : [])]
    : [wait(kind, from, started)];
  return before !== undefined && started - from < MIN_WAIT_MS ? [] : waits;
}

/** The wait after an attempt. Before the first one a run is delayed or queued at once. */
function waitAfter(before: Attempt | undefined, isQueuedLater: boolean): SpanKind {
  if (before === undefined) return isQueuedLater ? 'delay' : 'queue';
  if (before.outcome === 'retrying') return 'backoff';
  if (before.outcome === 'failed' || before.outcome === 'cancelled') return 'decision';
  return 'queue';
}

/** The current wait of a run, or the one in which it was cancelled. */
function waitsAtEnd(run: RunDetail, before: Attempt | undefined, made: number): Span[] {
  const from = before === undefined ? made : ms(before.ended_at);
  if (from === null) return [];
  const end = ms(run.ended_at);
  const queued = ms(run.queued_at);
  if (run.status === 'scheduled') return [wait(before === undefined ? 'delay' : 'decision', from, null)];
  if (run.status === 'retrying') return [wait('backoff', from, null)];
  if (run.status === 'queued') {
    const since = queued !== null && queued >= from ? queued : from;
    const kind = waitAfter(before, true);
    return [...(since - from >= MIN_WAIT_MS ? [wait(kind, from, since)] : []), wait('queue', since, null)];
  }
  if (run.status !== 'cancelled' || end === null || end - from < MIN_WAIT_MS) return [];
  return [wait(waitAfter(before, false), from, end)];
}

/** The last known instant of a run that ended without an end time. */
function latest(run: RunDetail, made: number): number {
  const known = run.attempts.flatMap((attempt) => [ms(attempt.started_at), ms(attempt.ended_at)]);
  return Math.max(made, ...known.filter((at) => at !== null));
}
