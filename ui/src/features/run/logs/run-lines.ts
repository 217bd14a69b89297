import type { RunDetail } from '@/lib/api/queries';
import { defineTranslations, type Lang } from '@/lib/i18n';
import { firstLine, shortWorker, sourceName } from '@/lib/runs';
import { formatClock, formatDuration, zoneName } from '@/lib/time';
import { summaryOf } from '../result/summary';
import type { LogLine } from './log-follower';

/** Who says a line: the handler's own code, the platform about the run, or a tool that the handler called. */
export type Source = 'handler' | 'platform' | 'tool';
export type SourcedLine = LogLine & { source: Source };
/** The place of a line in its attempt: its clock may differ from that of the handler's lines. */
type Phase = 'start' | 'middle' | 'end';
type PhasedLine = SourcedLine & { phase: Phase };
type Attempt = RunDetail['attempts'][number];

const PHASES: readonly Phase[] = ['start', 'middle', 'end'];
const MAX_OUTPUT_CHARS = 2_000;

const translations = defineTranslations(
  {
    created: (source: string) => `Run created: ${source}`,
    slot: 'slot',
    started: (n: number, worker: string) => `Attempt ${n} started on ${worker}`,
    success: (n: number, took: string) => `Attempt ${n} succeeded after ${took}`,
    failed: (n: number, took: string) => `Attempt ${n} failed after ${took}`,
    cancelled: (n: number, took: string) => `Attempt ${n} was cancelled after ${took}`,
    released: (n: number, took: string) => `Attempt ${n} was returned by its worker after ${took}`,
    crashed: (n: number, took: string) => `Attempt ${n} lost its worker after ${took}`,
    backedOff: (n: number, took: string) => `Back-off: attempt ${n} began ${took} later`,
    backOff: (n: number, at: string) => `Back-off: attempt ${n} is due at ${at}`,
    result: 'Result',
    cancelledRun: 'The run was cancelled before an attempt began',
    unknownTime: 'an unknown time',
  },
  {
    created: (source: string) => `Run dibuat: ${source}`,
    slot: 'slot',
    started: (n: number, worker: string) => `Percobaan ${n} dimulai di ${worker}`,
    success: (n: number, took: string) => `Percobaan ${n} berhasil setelah ${took}`,
    failed: (n: number, took: string) => `Percobaan ${n} gagal setelah ${took}`,
    cancelled: (n: number, took: string) => `Percobaan ${n} dibatalkan setelah ${took}`,
    released: (n: number, took: string) => `Percobaan ${n} dikembalikan worker-nya setelah ${took}`,
    crashed: (n: number, took: string) => `Percobaan ${n} kehilangan worker-nya setelah ${took}`,
    backedOff: (n: number, took: string) => `Tunggu percobaan ulang: percobaan ${n} dimulai ${took} kemudian`,
    backOff: (n: number, at: string) => `Tunggu percobaan ulang: percobaan ${n} dijadwalkan pukul ${at}`,
    result: 'Hasil',
    cancelledRun: 'Run dibatalkan sebelum ada percobaan',
    unknownTime: 'waktu yang tidak diketahui',
  },
);

/** The lines of the platform about a run: its creation, attempts, back-offs, tool calls and result. */
export function runLines(run: RunDetail, lang: Lang, zone: string): PhasedLine[] {
  const t = translations[lang];
  const attempts = run.attempts.toSorted((a, b) => a.attempt - b.attempt);
  const first = attempts[0]?.attempt ?? 1;
  const slot = run.slot_at ? ` · ${t.slot} ${formatClock(run.slot_at, zone)} ${zoneName(zone, run.slot_at)}` : '';
  const lines = [platform('start', first, run.created_at, 'info', `${t.created(sourceName(run.source, lang))}${slot}`)];
  for (const [at, attempt] of attempts.entries()) {
    if (attempt.started_at) lines.push(platform('start', attempt.attempt, attempt.started_at, 'info', t.started(attempt.attempt, shortWorker(attempt.worker))));
    lines.push(...attempt.calls.map((call) => toolLine(attempt.attempt, call)), ...endLines(run, attempt, attempts[at + 1], lang, zone));
  }
  if (run.status === 'cancelled' && attempts.length === 0 && run.ended_at) lines.push(platform('end', first, run.ended_at, 'info', t.cancelledRun));
  if (run.status === 'success' && run.ended_at) lines.push(resultLine(run, attempts.at(-1)?.attempt ?? first, run.ended_at, lang));
  return lines.map((line, index) => ({ ...line, cursor: `${line.source}-${index}` }));
}

/** The lines of the handler and of the platform in the order of their attempt and time. */
export function mergeLines(own: readonly LogLine[], ofRun: readonly PhasedLine[]): SourcedLine[] {
  const all: PhasedLine[] = [...ofRun, ...own.map((line): PhasedLine => ({ ...line, source: 'handler', phase: 'middle' }))];
  const keyed = all.map((line) => ({ line, at: Date.parse(line.at), phase: PHASES.indexOf(line.phase) }));
  keyed.sort((a, b) => a.line.attempt - b.line.attempt || a.phase - b.phase || a.at - b.at);
  return keyed.map(({ line: { phase: _phase, ...line } }) => line);
}

function platform(phase: Phase, attempt: number, at: string, level: string, message: string, fields: LogLine['fields'] = {}): PhasedLine {
  return { source: 'platform', phase, attempt, at, level, message, fields, cursor: '' };
}

function toolLine(attempt: number, { tool, op, target, ok, at, duration_ms, error }: Attempt['calls'][number]): PhasedLine {
  return {
    source: 'tool',
    phase: 'middle',
    attempt,
    at: new Date(at).toISOString(),
    level: ok ? 'debug' : 'warning',
    message: `${tool}.${op}${target ? ` ${target}` : ''}`,
    fields: { duration_ms, ...(error ? { error } : {}) },
    cursor: '',
  };
}

const END_LEVELS: Record<Attempt['outcome'], string> = {
  running: 'info',
  success: 'info',
  failed: 'error',
  retrying: 'warning',
  cancelled: 'info',
  released: 'info',
  crashed: 'error',
};

function endLines(run: RunDetail, attempt: Attempt, next: Attempt | undefined, lang: Lang, zone: string): PhasedLine[] {
  const t = translations[lang];
  const { attempt: n, outcome, error } = attempt;
  const ended = attempt.ended_at ?? (next ? null : run.ended_at);
  if (outcome === 'running' || ended === null) return [];
  const took = attempt.started_at ? formatDuration(Math.max(0, Date.parse(ended) - Date.parse(attempt.started_at)), lang) : t.unknownTime;
  const say = outcome === 'retrying' ? t.failed : t[outcome];
  const reason = error ? `: ${firstLine(error.message)}` : '';
  const fields = error ? { code: error.code, retryable: error.retryable } : {};
  const lines = [platform('end', n, ended, END_LEVELS[outcome], say(n, took) + reason, fields)];
  if (outcome !== 'retrying') return lines;
  if (next?.started_at) {
    const later = formatDuration(Math.max(0, Date.parse(next.started_at) - Date.parse(ended)), lang);
    lines.push(platform('end', n, ended, 'info', t.backedOff(next.attempt, later)));
  } else if (run.status === 'retrying' && run.due_at) {
    lines.push(platform('end', n, ended, 'info', t.backOff(n + 1, `${formatClock(run.due_at, zone)} ${zoneName(zone, run.due_at)}`)));
  }
  return lines;
}

function resultLine(run: RunDetail, attempt: number, at: string, lang: Lang): PhasedLine {
  const t = translations[lang];
  const output: unknown = run.result?.output ?? null;
  const summary = summaryOf(run.type, output, lang);
  if (summary) return platform('end', attempt, at, 'info', `${t.result}: ${summary.parts.join(' · ')}`);
  const json = JSON.stringify(output);
  const isRecord = typeof output === 'object' && output !== null && !Array.isArray(output);
  if (isRecord && json.length <= MAX_OUTPUT_CHARS) return platform('end', attempt, at, 'info', t.result, output as LogLine['fields']);
  const cut = json.length > MAX_OUTPUT_CHARS ? `${json.slice(0, MAX_OUTPUT_CHARS)} …` : json;
  return platform('end', attempt, at, 'info', `${t.result}: ${cut}`);
}
