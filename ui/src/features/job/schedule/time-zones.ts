import type { Lang } from '@/lib/i18n';
import { formatClock, zoneName } from '@/lib/time';

const LOCALES: Record<Lang, string> = { id: 'id-ID', en: 'en-GB' };

/** The zones to display, each once: the job's, the user's and UTC. */
export function displayTimeZones(job: string, own: string): string[] {
  const named = (zone: string) => (zone === 'Etc/UTC' || zone === 'GMT' ? 'UTC' : zone);
  return [...new Set([job, own, 'UTC'].map(named))];
}

/** Date and time of a fire with its zone: "Wed 25 Nov, 07:00:00 WIB"; with the year if it is another one. */
export function formatFire(at: string, now: number, zone: string, lang: Lang): string {
  const moment = new Date(at);
  const format = (options: Intl.DateTimeFormatOptions, of: Date | number = moment) =>
    new Intl.DateTimeFormat(LOCALES[lang], { timeZone: zone, ...options }).format(of);
  const year = format({ year: 'numeric' });
  const other = year === format({ year: 'numeric' }, now) ? '' : ` ${year}`;
  const day = format({ day: 'numeric', month: 'short' });
  return `${format({ weekday: 'short' })} ${day}${other}, ${formatClock(at, zone)} ${zoneName(zone, at)}`;
}
