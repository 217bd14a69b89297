import type { Lang } from './i18n';
import type { RunRow } from './api/queries';
import { formatClock } from './time';

/** The current attempt and the maximum: only failures count, not lost workers. */
export function triesOf(run: Pick<RunRow, 'failures' | 'max_retry'>): { n: number; of: number } {
  const of = run.max_retry + 1;
  return { n: Math.min(run.failures + 1, of), of };
}

/** A short name of a run: the time of its slot, else its last characters. */
export function shortRunId(run: Pick<RunRow, 'run_id' | 'slot_at'>, zone: string): string {
  if (run.slot_at !== null && run.run_id.includes('@')) return `@${formatClock(run.slot_at, zone)}`;
  return run.run_id.length > SHORT ? `…${run.run_id.slice(-SHORT)}` : run.run_id;
}
const SHORT = 8;

/** The slot that the id of a scheduled run ends with; null for a run that was made otherwise. */
export function slotOf(runId: string): string | null {
  const ms = /@(\d{12,14})$/.exec(runId)?.[1];
  return ms === undefined ? null : new Date(Number(ms)).toISOString();
}

const SOURCES: Record<string, Record<Lang, string>> = {
  schedule: { en: 'Schedule', id: 'Jadwal' },
  api: { en: 'By hand', id: 'Manual' },
  planner: { en: 'Plan', id: 'Rencana' },
  chain: { en: 'Chain', id: 'Rantai' },
  telegram: { en: 'Telegram', id: 'Telegram' },
};

/** The source of a run as text; an unknown source is shown unchanged. */
export function sourceName(source: string, lang: Lang): string {
  return SOURCES[source]?.[lang] ?? source;
}

/** A worker's name without the common prefix. */
export function shortWorker(worker: string): string {
  return worker.replace(/^worker-/, '');
}

const PAUSED = 'paused:';
const KEY = 'user:';
const RATE = 'rate:';
const TYPE = 'type:';

export type Wait = { kind: 'pause' | 'own' | 'key' | 'rate' | 'type'; name: string; group: string | null };

function limited(kind: 'key' | 'rate', text: string): Wait {
  const [name = '', ...group] = text.split('/');
  return { kind, name, group: group.length === 0 ? null : groupName(group.join('/')) };
}

/** A group as people know it. A long one ends with a digest; `~` is that of the runs without a value. */
function groupName(group: string): string {
  if (group === '~') return '–';
  try {
    return decodeURIComponent(group.replace(/~[0-9a-f]{16}$/, '…'));
  } catch {
    return group;
  }
}

/** The reason why a queued run waits, besides its position. */
export function waitOf(waitingFor: string): Wait | null {
  if (waitingFor === '') return null;
  if (waitingFor.startsWith(PAUSED)) return { kind: 'pause', name: waitingFor.slice(PAUSED.length), group: null };
  if (waitingFor.startsWith(KEY)) return limited('key', waitingFor.slice(KEY.length));
  if (waitingFor.startsWith(RATE)) return limited('rate', waitingFor.slice(RATE.length));
  if (waitingFor.startsWith(TYPE)) return { kind: 'type', name: waitingFor.slice(TYPE.length), group: null };
  return { kind: 'own', name: waitingFor, group: null };
}

/** The name of what a run waits for, with its group. */
export function labelOf(wait: Wait): string {
  return wait.group === null ? wait.name : `${wait.name} · ${wait.group}`;
}

/** The first line of a text. */
export function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
