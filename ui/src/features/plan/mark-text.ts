import { defineTranslations, useTranslations, type Lang } from '@/lib/i18n';
import type { Piece } from './interpretation';

const roleTranslations = defineTranslations(
  {
    intent: 'task',
    channel: 'channel',
    account: 'account',
    url: 'address',
    time: 'when',
    notify: 'recipient',
    text: 'message',
    keep: 'how many to keep',
    expect: 'condition',
    zone: 'time zone',
    unused: 'not used',
  },
  {
    intent: 'tugas',
    channel: 'kanal',
    account: 'akun',
    url: 'alamat',
    time: 'kapan',
    notify: 'penerima',
    text: 'isi pesan',
    keep: 'jumlah disimpan',
    expect: 'syarat',
    zone: 'zona waktu',
    unused: 'tidak dipakai',
  },
);

const fieldTranslations = defineTranslations(
  {
    schedule: 'the schedule',
    to: 'the recipient',
    channel: 'the channel',
    account_id: 'the account',
    text: 'the message',
    url: 'the address',
    period: 'the period',
    job: 'the job',
  },
  {
    schedule: 'jadwal',
    to: 'penerima',
    channel: 'kanal',
    account_id: 'akun',
    text: 'isi pesan',
    url: 'alamat',
    period: 'periode',
    job: 'job',
  },
);

const effectTranslations = defineTranslations(
  {
    sets: (field: string) => `sets ${field}`,
    of: (what: string, job: string) => `${what} of ${job}`,
    forJob: (job: string) => `for ${job}`,
  },
  {
    sets: (field: string) => `mengatur ${field}`,
    of: (what: string, job: string) => `${what} di ${job}`,
    forJob: (job: string) => `untuk ${job}`,
  },
);

/** The names of roles and fields; the API may send more than these. */
type MarkNames = { roles: Record<string, string>; fields: Record<string, string>; effects: (typeof effectTranslations)[Lang] };
type Mark = Pick<Piece, 'text' | 'role' | 'field' | 'job'>;

export function useMarkNames(): MarkNames {
  return { roles: useTranslations(roleTranslations), fields: useTranslations(fieldTranslations), effects: useTranslations(effectTranslations) };
}

export function roleName(role: string, t: MarkNames): string {
  return t.roles[role] ?? role;
}

/** What words set and in which job, as "sets the schedule of report-daily"; empty if neither is known. */
function effectOf({ field, job }: Mark, t: MarkNames): string {
  const what = field === null ? null : t.effects.sets(t.fields[field] ?? field);
  if (what === null) return job === null ? '' : t.effects.forJob(job);
  return job === null ? what : t.effects.of(what, job);
}

/** The tooltip of words: their role, and what they set. */
export function markText(mark: Mark, t: MarkNames): string {
  return [roleName(mark.role ?? '', t), effectOf(mark, t)].filter(Boolean).join(' · ');
}

/** Words and what they set, for a screen reader. */
export function spokenMark(mark: Mark, t: MarkNames): string {
  const effect = effectOf(mark, t);
  return effect ? `${mark.text.trim()} (${effect})` : mark.text.trim();
}
