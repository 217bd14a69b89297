import {
  CalendarClock,
  CircleCheck,
  CircleDashed,
  CircleSlash,
  CircleX,
  Inbox,
  LoaderCircle,
  RotateCw,
  type LucideIcon,
} from 'lucide-react';
import type { Lang } from './i18n';
import type { Run, RunStatus } from './api/queries';

/** A tone of the palette: a state's colour comes from here and from nowhere else. */
export type Tone = 'neutral' | 'await' | 'run' | 'retry' | 'ok' | 'fail';

export const TONE_CLASS: Record<Tone, string> = {
  neutral: 'tone-neutral',
  await: 'tone-await',
  run: 'tone-run',
  retry: 'tone-retry',
  ok: 'tone-ok',
  fail: 'tone-fail',
};

/** The displayed states: the statuses, and a failed run that needs a decision. */
export type RunState = RunStatus | 'dead_letter';

export type StateDisplay = {
  icon: LucideIcon;
  tone: Tone;
  label: Record<Lang, string>;
  /** The height of its bar in a run strip, of 18 px: the outcome without colour. */
  barPx: number;
  isActive: boolean;
};

/** One row a state: a state that is missing here is a type error. */
export const RUN_STATES: Record<RunState, StateDisplay> = {
  scheduled: {
    icon: CalendarClock,
    tone: 'neutral',
    label: { id: 'Terjadwal', en: 'Scheduled' },
    barPx: 2,
    isActive: true,
  },
  queued: {
    icon: CircleDashed,
    tone: 'neutral',
    label: { id: 'Mengantre', en: 'Queued' },
    barPx: 2,
    isActive: true,
  },
  running: {
    icon: LoaderCircle,
    tone: 'run',
    label: { id: 'Berjalan', en: 'Running' },
    barPx: 14,
    isActive: true,
  },
  retrying: {
    icon: RotateCw,
    tone: 'retry',
    label: { id: 'Mencoba ulang', en: 'Retrying' },
    barPx: 14,
    isActive: true,
  },
  success: {
    icon: CircleCheck,
    tone: 'ok',
    label: { id: 'Berhasil', en: 'Succeeded' },
    barPx: 10,
    isActive: false,
  },
  failed: { icon: CircleX, tone: 'fail', label: { id: 'Gagal', en: 'Failed' }, barPx: 18, isActive: false },
  cancelled: {
    icon: CircleSlash,
    tone: 'neutral',
    label: { id: 'Dibatalkan', en: 'Cancelled' },
    barPx: 6,
    isActive: false,
  },
  dead_letter: {
    icon: Inbox,
    tone: 'fail',
    label: { id: 'Perlu keputusan', en: 'Needs a decision' },
    barPx: 18,
    isActive: false,
  },
};

/** The state that a run is shown in. */
export function stateOf(run: Pick<Run, 'status' | 'dead_letter'>): RunState {
  return run.status === 'failed' && run.dead_letter ? 'dead_letter' : run.status;
}
