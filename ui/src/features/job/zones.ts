import type { Lang } from '@/lib/i18n';

const LOCALES: Record<Lang, string> = { id: 'id-ID', en: 'en-GB' };

/** The zones that a time is told in: the job's, the reader's and UTC, each once. */
export function zonesOf(job: string, own: string): string[] {
  const named = (zone: string) => (zone === 'Etc/UTC' || zone === 'GMT' ? 'UTC' : zone);
  return [...new Set([job, own, 'UTC'].map(named))];
}

/** The day of the week in a zone, before a date: "Wed ", "Rab ". */
export function dayOf(at: string, zone: string, lang: Lang): string {
  return `${new Intl.DateTimeFormat(LOCALES[lang], { timeZone: zone, weekday: 'short' }).format(new Date(at))} `;
}
