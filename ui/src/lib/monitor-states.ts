import { CircleArrowDown, CircleArrowUp, CirclePause, CircleQuestionMark, TriangleAlert, Unplug, type LucideIcon } from 'lucide-react';
import type { Schemas } from './api/client';
import type { RunRow } from './api/queries';
import type { Lang } from './i18n';
import type { Tone } from './run-states';
import { formatNumber } from './time';

/** The state of what a monitor watches. */
export type WatchState = Schemas['MonitorBody']['state'];

export type WatchStateDisplay = {
  icon: LucideIcon;
  tone: Tone;
  label: Record<Lang, string>;
  /** The height of its bar in a bar of hours or days, of 18 px: the state without colour. */
  barPx: number;
};

/** One row a state, the worst first: a state that is missing here is a type error. */
export const WATCH_STATES: Record<WatchState, WatchStateDisplay> = {
  down: { icon: CircleArrowDown, tone: 'fail', label: { id: 'Mati', en: 'Down' }, barPx: 18 },
  degraded: { icon: TriangleAlert, tone: 'retry', label: { id: 'Terganggu', en: 'Degraded' }, barPx: 14 },
  unknown: { icon: CircleQuestionMark, tone: 'neutral', label: { id: 'Tidak diketahui', en: 'Unknown' }, barPx: 2 },
  not_configured: { icon: Unplug, tone: 'await', label: { id: 'Belum diatur', en: 'Not set up' }, barPx: 4 },
  paused: { icon: CirclePause, tone: 'neutral', label: { id: 'Dijeda', en: 'Paused' }, barPx: 6 },
  up: { icon: CircleArrowUp, tone: 'ok', label: { id: 'Normal', en: 'Up' }, barPx: 10 },
};

/**
 * What a monitor's run has found: its status only says that the check was made. Unknown until it is read; null for
 * runs that have not succeeded, and for other jobs.
 */
export function foundBy({ type, status, found }: Pick<RunRow, 'type' | 'status' | 'found'>): WatchState | null {
  if (status !== 'success' || !type.startsWith('monitor.')) return null;
  return found?.state ?? 'unknown';
}

const WORST_FIRST = Object.keys(WATCH_STATES) as WatchState[];

/** Orders states, the worst first. */
export function byWorst(a: WatchState, b: WatchState): number {
  return WORST_FIRST.indexOf(a) - WORST_FIRST.indexOf(b);
}

/** An uptime of 0 to 1 as a percentage, cut after two digits: "100%" only if nothing was missed. A dash without one. */
export function formatUptime(share: number | null | undefined, lang: Lang): string {
  if (share === null || share === undefined) return '–';
  const percent = Math.floor(share * 10_000 + 1e-6) / 100;
  return `${formatNumber(percent, lang, 2)}%`;
}
