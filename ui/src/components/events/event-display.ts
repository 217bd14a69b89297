import {
  CalendarX,
  CircleCheck,
  CirclePause,
  CirclePlay,
  CirclePlus,
  Gauge,
  Info,
  Link2Off,
  Pencil,
  Power,
  SkipForward,
  Trash2,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import { type Lang } from '@/lib/i18n';
import type { EventBody, RunStatus } from '@/lib/api/queries';
import { RUN_STATES, type Tone } from '@/lib/run-states';

export type EventDisplay = { icon: LucideIcon; tone: Tone; label: Record<Lang, string> };

const LOOKS: Record<string, EventDisplay> = {
  'run.progress': { icon: Gauge, tone: 'neutral', label: { en: 'Progress', id: 'Kemajuan' } },
  'job.created': { icon: CirclePlus, tone: 'neutral', label: { en: 'Job created', id: 'Job dibuat' } },
  'job.updated': { icon: Pencil, tone: 'neutral', label: { en: 'New version saved', id: 'Versi baru disimpan' } },
  'job.enabled': { icon: Power, tone: 'ok', label: { en: 'Enabled', id: 'Diaktifkan' } },
  'job.disabled': { icon: Power, tone: 'neutral', label: { en: 'Disabled', id: 'Dinonaktifkan' } },
  'job.isolated': { icon: TriangleAlert, tone: 'fail', label: { en: 'Runs isolated after a crash', id: 'Run diisolasi setelah crash' } },
  'job.isolation_ended': { icon: Power, tone: 'ok', label: { en: 'Isolation ended', id: 'Isolasi berakhir' } },
  'job.deleted': { icon: Trash2, tone: 'fail', label: { en: 'Job deleted', id: 'Job dihapus' } },
  'schedule.missed': { icon: CalendarX, tone: 'fail', label: { en: 'Slots missed', id: 'Jadwal terlewat' } },
  'schedule.skipped': { icon: SkipForward, tone: 'retry', label: { en: 'Slots skipped', id: 'Jadwal dilewati' } },
  'queue.paused': { icon: CirclePause, tone: 'retry', label: { en: 'Paused', id: 'Dijeda' } },
  'queue.resumed': { icon: CirclePlay, tone: 'ok', label: { en: 'Resumed', id: 'Dilanjutkan' } },
  'chain.dropped': { icon: Link2Off, tone: 'fail', label: { en: 'Chain started no run', id: 'Rantai tidak membuat run' } },
  'dead_letter.dropped': { icon: Trash2, tone: 'fail', label: { en: 'Oldest failed run removed from the list', id: 'Run gagal tertua dihapus dari daftar' } },
  'history.purged': { icon: Trash2, tone: 'retry', label: { en: 'History removed early', id: 'Riwayat dihapus lebih awal' } },
  'incident.opened': { icon: TriangleAlert, tone: 'fail', label: { en: 'Incident opened', id: 'Insiden dibuka' } },
  'incident.updated': { icon: TriangleAlert, tone: 'retry', label: { en: 'Incident changed', id: 'Insiden berubah' } },
  'incident.closed': { icon: CircleCheck, tone: 'ok', label: { en: 'Incident closed', id: 'Insiden selesai' } },
};

/** Icon, tone and label of an event; an unknown type shows its own name. */
export function displayOf(event: Pick<EventBody, 'type' | 'status'>): EventDisplay {
  const known = LOOKS[event.type];
  if (known) return known;
  if (event.status !== null && event.status in RUN_STATES) return RUN_STATES[event.status as RunStatus];
  return { icon: Info, tone: 'neutral', label: { en: event.type, id: event.type } };
}

const REASONS: Record<string, Record<Lang, string>> = {
  missed: { en: 'no scheduler was running', id: 'tidak ada scheduler yang bekerja' },
  misfire_skip: { en: 'late, and late slots are skipped', id: 'terlambat, dan yang terlambat dilewati' },
  overlap: { en: 'the earlier run had not ended', id: 'run sebelumnya belum selesai' },
  backlog: { en: 'a hundred runs were waiting', id: 'seratus run sudah menunggu' },
  cooling_down: { en: 'cooling down after a failure', id: 'masa tunggu setelah gagal' },
  paused: { en: 'paused', id: 'dijeda' },
  disabled: { en: 'disabled', id: 'dinonaktifkan' },
  clock_went_back: { en: 'the clock went back', id: 'jam mundur' },
};

/** Why slots did not run; a reason that a person wrote is shown unchanged. */
export function reasonText(event: Pick<EventBody, 'type'>, reason: string, lang: Lang): string {
  return (event.type.startsWith('schedule.') ? REASONS[reason]?.[lang] : undefined) ?? reason;
}

/** Event types with a text; their other data is not shown. */
const WITH_TEXT = new Set(['incident.opened', 'incident.updated', 'incident.closed', 'history.purged']);

/** The title of an incident, or the text of an early removal; null for other events. */
export function eventText(event: Pick<EventBody, 'type' | 'data'>): string | null {
  const text = event.data.text;
  return WITH_TEXT.has(event.type) && typeof text === 'string' ? text : null;
}
