import type { Schemas } from '@/lib/api/client';
import type { Lang } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { formatDuration, formatNumber, formatPercent, formatRough } from '@/lib/time';

type LocalizedText = Record<Lang, string>;

export const OVERLAP: Record<Schemas['Overlap'], LocalizedText> = {
  skip: { en: 'the new slot is skipped', id: 'slot baru dilewati' },
  queue: { en: 'the new run waits for its end', id: 'run baru menunggu sampai selesai' },
  cancel_running: { en: 'the earlier run is cancelled', id: 'run sebelumnya dibatalkan' },
  allow: { en: 'both run at the same time', id: 'keduanya berjalan bersamaan' },
};

export const MISFIRE: Record<Schemas['Misfire'], LocalizedText> = {
  run_once: { en: 'the last one runs', id: 'hanya yang terakhir dijalankan' },
  skip: { en: 'they are skipped', id: 'dilewati' },
  run_all: { en: 'all run, at most 100', id: 'semuanya dijalankan, paling banyak 100' },
};

export const PRIORITY: Record<Schemas['Priority'], LocalizedText> = {
  high: { en: 'high', id: 'tinggi' },
  normal: { en: 'normal', id: 'normal' },
  low: { en: 'low', id: 'rendah' },
};

const SHOWN_DELAYS = 4;

/** A duration in one unit if it is a whole number of it: "30s", "5m", else "1m 30s". */
export function formatSpan(sec: number, lang: Lang): string {
  const ms = sec * 1_000;
  const unit = [86_400, 3_600, 60].find((each) => sec >= each);
  if (unit !== undefined && sec % unit === 0) return formatRough(ms, lang);
  return formatDuration(ms, lang);
}

/** The waits before the second, third … attempt, in seconds and without jitter. */
export function retryDelays({ max_retry: tries = 0, backoff_sec: rule }: Schemas['RetryPolicy']): number[] {
  return Array.from({ length: tries }, (_, n) => {
    if (Array.isArray(rule)) return rule[Math.min(n, rule.length - 1)] ?? 0;
    const { base = 1, factor = 2, max = 300 } = rule ?? {};
    return Math.min(base * factor ** n, max);
  });
}

/** The retries of a job as text: "3 retries, after 1s, 2s and 4s". */
export function retryText(policy: Schemas['RetryPolicy'], lang: Lang): string {
  const delays = retryDelays(policy);
  if (delays.length === 0) return lang === 'id' ? 'tanpa percobaan ulang' : 'no retry';
  const tries = formatNumber(delays.length, lang);
  const many = { en: delays.length === 1 ? '1 retry' : `${tries} retries`, id: `${tries} percobaan ulang` }[lang];
  const waits = `${{ en: 'after', id: 'setelah' }[lang]} ${delaysText(delays, lang)}`;
  const spread = policy.jitter ? ` ±${formatPercent(policy.jitter, lang)}` : '';
  return `${many}, ${waits}${spread}`;
}

function delaysText(delays: number[], lang: Lang): string {
  const [first = 0] = delays;
  const and = { en: ' and ', id: ' dan ' }[lang];
  if (delays.every((each) => each === first)) {
    const each = { en: ' each', id: ' setiap kali' }[lang];
    return formatSpan(first, lang) + (delays.length > 1 ? each : '');
  }
  const texts = delays.map((each) => formatSpan(each, lang));
  if (texts.length <= SHOWN_DELAYS) return `${texts.slice(0, -1).join(', ')}${and}${texts.at(-1)}`;
  const upTo = { en: 'up to', id: 'sampai' }[lang];
  return `${texts.slice(0, SHOWN_DELAYS - 1).join(', ')} … ${upTo} ${formatSpan(Math.max(...delays), lang)}`;
}

/** The pauses that hold a job, widest first. */
export function pausesOf(job: Pick<Job, 'job_id' | 'type' | 'queue'>, paused: readonly Schemas['PausedScope'][]) {
  const names = { all: null, queue: job.queue ?? 'default', type: job.type, job: job.job_id };
  const widest = ['all', 'queue', 'type', 'job'];
  return paused
    .filter((each) => each.scope === 'all' || each.name === names[each.scope])
    .toSorted((a, b) => widest.indexOf(a.scope) - widest.indexOf(b.scope));
}
