import type { Lang } from '@/lib/i18n';
import type { Change } from './queries';

const jobs = (n: number) => `${n} ${n === 1 ? 'job' : 'jobs'}`;

const PARTS: Record<Lang, Record<Change, (n: number) => string>> = {
  en: {
    create: (n) => `create ${jobs(n)}`,
    update: (n) => `change ${jobs(n)}`,
    resume: (n) => `resume ${jobs(n)}`,
    run: (n) => `run ${jobs(n)} now`,
    pause: (n) => `pause ${jobs(n)}`,
    disable: (n) => `disable ${jobs(n)}`,
    delete: (n) => `delete ${jobs(n)}`,
    unchanged: (n) => `leave ${n} as ${n === 1 ? 'it is' : 'they are'}`,
  },
  id: {
    create: (n) => `buat ${n} job`,
    update: (n) => `ubah ${n} job`,
    resume: (n) => `lanjutkan ${n} job`,
    run: (n) => `jalankan ${n} job sekarang`,
    pause: (n) => `jeda ${n} job`,
    disable: (n) => `nonaktifkan ${n} job`,
    delete: (n) => `hapus ${n} job`,
    unchanged: (n) => `${n} job tetap`,
  },
};

/** The changes of a plan, as "Create 2 jobs, change 1 job". */
export function changeSummary(counts: Record<Change, number>, lang: Lang): string {
  const shownCounts = (Object.keys(PARTS.en) as Change[])
    .filter((change) => counts[change] > 0)
    .map((change) => PARTS[lang][change](counts[change]))
    .join(', ');
  return shownCounts.charAt(0).toUpperCase() + shownCounts.slice(1);
}
