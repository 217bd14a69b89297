import { defineTranslations, type Lang } from '@/lib/i18n';

export const versionTranslations = defineTranslations(
  {
    versions: 'Versions',
    saves: (n: string, one: boolean) => (one ? '1 save' : `${n} saves`),
    current: 'current',
    compare: 'Compare',
    compareWith: (version: number) => `Compare v${version} with the current version`,
    rollBack: 'Roll back',
    rollBackTo: (version: number) => `Roll back to v${version}`,
    onlyOne: 'Each save creates a version that you can compare or roll back to.',
    rollTitle: (version: number) => `Roll back to v${version}?`,
    rollText: (version: number, next: number) =>
      `The spec of v${version} is saved as v${next}; no version is lost. The job stays enabled or disabled as it is now.`,
    changes: 'What changes',
    outdated: 'Someone saved a newer version, so nothing was changed. Check the differences, then decide again.',
    done: (version: number, now: number) => `v${now} has the spec of v${version}.`,
    comparison: 'Comparison',
    from: 'From version',
    to: 'To version',
    swap: 'Swap the two',
    close: 'Close the comparison',
    whole: 'Side by side',
    unknown: (version: number) => `There is no v${version} of this job.`,
  },
  {
    versions: 'Versi',
    saves: (n: string) => `${n} kali disimpan`,
    current: 'saat ini',
    compare: 'Bandingkan',
    compareWith: (version: number) => `Bandingkan v${version} dengan versi saat ini`,
    rollBack: 'Kembalikan',
    rollBackTo: (version: number) => `Kembalikan ke v${version}`,
    onlyOne: 'Setiap penyimpanan berikutnya menjadi versi yang bisa dibandingkan dan dikembalikan.',
    rollTitle: (version: number) => `Kembalikan ke v${version}?`,
    rollText: (version: number, next: number) =>
      `Spesifikasi v${version} disimpan sebagai v${next}; tidak ada versi yang hilang. Aktif atau tidaknya job tetap seperti sekarang.`,
    changes: 'Yang berubah',
    outdated: 'Seseorang menyimpan versi yang lebih baru, jadi tidak ada yang diubah. Lihat isinya sekarang, lalu putuskan lagi.',
    done: (version: number, now: number) => `v${now} kini berisi spesifikasi v${version}.`,
    comparison: 'Perbandingan',
    from: 'Dari versi',
    to: 'Ke versi',
    swap: 'Tukar keduanya',
    close: 'Tutup perbandingan',
    whole: 'Berdampingan',
    unknown: (version: number) => `Job ini tidak punya v${version}.`,
  },
);

const ORIGINS: Record<string, Record<Lang, string>> = {
  api: { en: 'dashboard, CLI or API', id: 'dasbor, CLI, atau API' },
  planner: { en: 'a plan', id: 'rencana' },
  restore: { en: 'restored', id: 'dipulihkan' },
};

/** The origin of a save as text; an unknown origin is shown unchanged. */
export function originName(origin: string, lang: Lang): string {
  const back = /^rollback:(v\d+)/.exec(origin)?.[1];
  if (back) return lang === 'id' ? `dikembalikan ke ${back}` : `rolled back to ${back}`;
  return ORIGINS[origin]?.[lang] ?? origin;
}
