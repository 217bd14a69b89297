import type { Lang } from '../i18n';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const LOCALES: Record<Lang, string> = { id: 'id-ID', en: 'en-GB' };
const UNITS: Record<Lang, Record<'s' | 'm' | 'h' | 'd', string>> = {
  en: { s: 's', m: 'm', h: 'h', d: 'd' },
  id: { s: ' dtk', m: ' mnt', h: ' jam', d: ' hari' },
};
// The zones whose abbreviation people here use; Intl names them in one language only.
const ABBREVIATIONS: Record<string, string> = {
  'Asia/Jakarta': 'WIB',
  'Asia/Pontianak': 'WIB',
  'Asia/Makassar': 'WITA',
  'Asia/Jayapura': 'WIT',
  UTC: 'UTC',
  'Etc/UTC': 'UTC',
};

/** A number in the manner of the language. */
export function formatNumber(value: number, lang: Lang, digits = 0): string {
  return value.toLocaleString(LOCALES[lang], { maximumFractionDigits: digits });
}

/** A share of 1 as "98.1%". */
export function formatPercent(share: number, lang: Lang): string {
  const digits = share === 1 || share === 0 ? 0 : 1;
  const text = (share * 100).toLocaleString(LOCALES[lang], {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return `${text}%`;
}

/** A length of time in its two greatest units: "4 ms", "1.2s", "2m 05s", "3h 10m". */
export function formatDuration(ms: number, lang: Lang): string {
  const unit = UNITS[lang];
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${formatNumber(Math.floor(ms / 100) / 10, lang, 1)}${unit.s}`;
  const two = (n: number) => String(n).padStart(2, '0');
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}${unit.m} ${two(Math.floor((ms % MINUTE) / SECOND))}${unit.s}`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}${unit.h} ${two(Math.floor((ms % HOUR) / MINUTE))}${unit.m}`;
  return `${Math.floor(ms / DAY)}${unit.d} ${Math.floor((ms % DAY) / HOUR)}${unit.h}`;
}

const ESTIMATE_UNITS = [
  { until: 120 * SECOND, size: SECOND, name: 's', digits: 3 },
  { until: 120 * MINUTE, size: MINUTE, name: 'm', digits: 3 },
  { until: Infinity, size: HOUR, name: 'h', digits: 4 },
] as const;

/** A percentile in one unit. It is within 4.8 %, and within 5 % with these digits: "412 ms", "1.07s", "83.6s". */
export function formatEstimate(ms: number, lang: Lang): string {
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  const { size, name, digits } = ESTIMATE_UNITS.find((unit) => ms < unit.until) ?? ESTIMATE_UNITS[2];
  return `${(ms / size).toLocaleString(LOCALES[lang], { maximumSignificantDigits: digits })}${UNITS[lang][name]}`;
}

/** A rough distance in one unit: "12s", "4m", "9h", "3d". */
export function formatRough(ms: number, lang: Lang): string {
  const unit = UNITS[lang];
  const size = Math.abs(ms);
  if (size < MINUTE) return `${Math.floor(size / SECOND)}${unit.s}`;
  if (size < HOUR) return `${Math.floor(size / MINUTE)}${unit.m}`;
  if (size < DAY) return `${Math.floor(size / HOUR)}${unit.h}`;
  return `${Math.floor(size / DAY)}${unit.d}`;
}

/** How long ago, or how far ahead: "12s ago", "in 4m", "12 dtk lalu", "4 mnt lagi". */
export function formatRelative(at: string | number, now: number, lang: Lang): string {
  const distance = new Date(at).getTime() - now;
  if (Math.abs(distance) < SECOND) return lang === 'id' ? 'sekarang' : 'now';
  const rough = formatRough(distance, lang);
  if (distance > 0) return lang === 'id' ? `${rough} lagi` : `in ${rough}`;
  return lang === 'id' ? `${rough} lalu` : `${rough} ago`;
}

/** The short name of a zone at a moment: "WIB", else "GMT+2". */
export function zoneName(zone: string, at: string | number): string {
  const known = ABBREVIATIONS[zone];
  if (known) return known;
  const parts = new Intl.DateTimeFormat('en-GB', { timeZone: zone, timeZoneName: 'short' }).formatToParts(
    new Date(at),
  );
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

// Making a format costs more than a hundred uses of it.
const clocks = new Map<string, Intl.DateTimeFormat>();

/** The time of day in a zone: "21:41:20", or "21:41" without seconds. */
export function formatClock(at: string | number, zone: string, seconds = true): string {
  const name = `${zone} ${seconds}`;
  let clock = clocks.get(name);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hour: '2-digit',
      minute: '2-digit',
      ...(seconds ? { second: '2-digit' } : {}),
      hourCycle: 'h23',
    });
    clocks.set(name, clock);
  }
  return clock.format(new Date(at));
}

/** The time of day with milliseconds, as logs show it. */
export function formatLogClock(at: string | number, zone: string): string {
  const ms = String(new Date(at).getMilliseconds()).padStart(3, '0');
  return `${formatClock(at, zone)}.${ms}`;
}

/** Day and time in a zone, the zone named: "25 Nov 2026, 07:00:00 WIB". */
export function formatMoment(at: string | number, zone: string, lang: Lang): string {
  const day = new Intl.DateTimeFormat(LOCALES[lang], {
    timeZone: zone,
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  }).format(new Date(at));
  return `${day}, ${formatClock(at, zone)} ${zoneName(zone, at)}`;
}

/** The day of the week in a zone: "Thu". */
export function formatWeekday(at: string | number, zone: string, lang: Lang): string {
  return new Intl.DateTimeFormat(LOCALES[lang], { timeZone: zone, weekday: 'short' }).format(new Date(at));
}

/** A day in a zone, without its year: "25 Nov". */
export function formatDay(at: string | number, zone: string, lang: Lang): string {
  return new Intl.DateTimeFormat(LOCALES[lang], { timeZone: zone, day: 'numeric', month: 'short' }).format(new Date(at));
}

/** The day in a zone as a key that sorts: "2026-11-25". */
function dayKey(at: string | number, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(new Date(at));
}

/** The shortest that is clear: "07:00 WIB" today, "Thu 07:00 WIB" within a week, else "25 Nov 07:00 WIB". */
export function formatSoon(at: string | number, now: number, zone: string, lang: Lang): string {
  const clock = `${formatClock(at, zone, false)} ${zoneName(zone, at)}`;
  if (dayKey(at, zone) === dayKey(now, zone)) return clock;
  const isNear = Math.abs(new Date(at).getTime() - now) < 6 * DAY;
  const day = new Intl.DateTimeFormat(LOCALES[lang], {
    timeZone: zone,
    ...(isNear ? { weekday: 'short' } : { day: 'numeric', month: 'short' }),
  }).format(new Date(at));
  return `${day} ${clock}`;
}

/** As `formatSoon`, with seconds for today: "22:44:05 WIB", later "Thu 22:44 WIB". */
export function formatAt(at: string | number, now: number, zone: string, lang: Lang, seconds: boolean): string {
  const soon = formatSoon(at, now, zone, lang);
  const clock = `${formatClock(at, zone, false)} ${zoneName(zone, at)}`;
  return seconds && soon === clock ? `${formatClock(at, zone)} ${zoneName(zone, at)}` : soon;
}

/** Bytes as "41 MB". */
export function formatBytes(bytes: number, lang: Lang): string {
  const names = ['B', 'KB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let power = 0;
  while (size >= 1_000 && power < names.length - 1) {
    size /= 1_024;
    power += 1;
  }
  return `${formatNumber(size, lang, size < 10 && power > 0 ? 1 : 0)} ${names[power]}`;
}
