import { CircleAlert, CircleCheck, Info, OctagonAlert, type LucideIcon } from 'lucide-react';
import type { Incident } from '@/lib/api/queries';
import type { Lang } from '@/lib/i18n';
import type { Tone } from '@/lib/run-states';

export type Severity = Incident['severity'];
export type IncidentKind = Incident['kind'];

type Display = { icon: LucideIcon; tone: Tone; label: Record<Lang, string> };

/** One row a severity, the worst first. */
export const SEVERITIES: Record<Severity, Display> = {
  critical: { icon: OctagonAlert, tone: 'fail', label: { en: 'Critical', id: 'Kritis' } },
  warning: { icon: CircleAlert, tone: 'retry', label: { en: 'Warning', id: 'Peringatan' } },
  info: { icon: Info, tone: 'neutral', label: { en: 'Info', id: 'Info' } },
};

/** A closed incident, whatever its severity was. */
export const CLOSED: Display = { icon: CircleCheck, tone: 'ok', label: { en: 'Recovered', id: 'Pulih' } };

/** The kinds of causes, as filters name them. */
export const INCIDENT_KINDS: Record<IncidentKind, Record<Lang, string>> = {
  monitor_down: { en: 'Monitor down', id: 'Pemantau mati' },
  heartbeat_silent: { en: 'Heartbeat silent', id: 'Detak berhenti' },
  account_down: { en: 'Account down', id: 'Akun mati' },
  job_failing: { en: 'Job failing', id: 'Job gagal' },
  job_alarm: { en: 'Alarm of a job', id: 'Alarm dari job' },
  job_overdue: { en: 'Job overdue', id: 'Job terlambat' },
  slots_missed: { en: 'Slots missed', id: 'Jadwal terlewat' },
  queue_stuck: { en: 'Runs wait too long', id: 'Run menunggu terlalu lama' },
  no_worker: { en: 'No worker', id: 'Tidak ada worker' },
  scheduler_silent: { en: 'No scheduler', id: 'Tidak ada penjadwal' },
  redis_memory: { en: 'Redis memory', id: 'Memori Redis' },
  shard_away: { en: 'Shard away', id: 'Shard tidak menjawab' },
  disk_space: { en: 'Disk almost full', id: 'Disk hampir penuh' },
  clock_skew: { en: 'Clock wrong', id: 'Jam meleset' },
  message_undelivered: { en: 'Message not delivered', id: 'Pesan tidak terkirim' },
  alarm_undelivered: { en: 'Alarm not delivered', id: 'Alarm tidak terkirim' },
  outbox_stuck: { en: 'Messages wait too long', id: 'Pesan menunggu terlalu lama' },
  no_recipient: { en: 'No recipient', id: 'Tanpa penerima' },
  history_purged: { en: 'History removed early', id: 'Riwayat dihapus lebih awal' },
  backup_old: { en: 'Backup too old', id: 'Cadangan terlalu lama' },
  certificate_ends: { en: 'Certificate ends', id: 'Sertifikat akan berakhir' },
};

const WORST_FIRST = Object.keys(SEVERITIES);

/** Orders incidents, the most severe first; equal ones keep their order. */
export function bySeverity(a: Pick<Incident, 'severity'>, b: Pick<Incident, 'severity'>): number {
  return WORST_FIRST.indexOf(a.severity) - WORST_FIRST.indexOf(b.severity);
}

export function incidentHref(incidentId: string): string {
  return `/incidents/${encodeURIComponent(incidentId)}`;
}

export function monitorHref(jobId: string): string {
  return `/monitors/${encodeURIComponent(jobId)}`;
}

/** How long an incident has lasted, or lasted: from its cause to its end. */
export function lastedMs(incident: Pick<Incident, 'since' | 'closed_at'>, now: number): number {
  const end = incident.closed_at === null ? now : Date.parse(incident.closed_at);
  return Math.max(0, end - Date.parse(incident.since));
}

/** The newest message to each recipient. */
export function newestDeliveries(incident: Pick<Incident, 'deliveries'>): Incident['deliveries'] {
  const newest = new Map<string, Incident['deliveries'][number]>();
  for (const each of incident.deliveries) {
    const key = `${each.channel} ${each.account_id} ${each.to}`;
    const before = newest.get(key);
    if (before === undefined || Date.parse(before.at) <= Date.parse(each.at)) newest.set(key, each);
  }
  return [...newest.values()];
}
