import type { Lang } from '@/lib/i18n';
import type { Change } from './queries';

const PARTS: Record<Lang, Record<Change, (n: number) => string>> = {
  en: {
    create: (n) => `create ${n} ${n === 1 ? 'job' : 'jobs'}`,
    update: (n) => `change ${n}${n === 1 ? ' job' : ' jobs'}`,
    unchanged: (n) => `leave ${n} as ${n === 1 ? 'it is' : 'they are'}`,
  },
  id: {
    create: (n) => `buat ${n} job`,
    update: (n) => `ubah ${n} job`,
    unchanged: (n) => `${n} job tetap`,
  },
};

/** The changes of a plan, as "Create 2 jobs, change 1 job". */
export function changeSummary(counts: Record<Change, number>, lang: Lang): string {
  const shownCounts = (['create', 'update', 'unchanged'] as const)
    .filter((change) => counts[change] > 0)
    .map((change) => PARTS[lang][change](counts[change]))
    .join(', ');
  return shownCounts.charAt(0).toUpperCase() + shownCounts.slice(1);
}
