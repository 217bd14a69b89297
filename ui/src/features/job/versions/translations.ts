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
    onlyOne: 'Each save from here on becomes a version that can be compared and gone back to.',
    rollTitle: (version: number) => `Go back to v${version}?`,
    rollText: (version: number, next: number) =>
      `The spec of v${version} is saved as v${next}; no version is lost. Whether the job is on stays as it is now.`,
    changes: 'What changes',
    outdated: 'Somebody saved a newer version in the meantime, so nothing was changed. Look at what it says now, then decide again.',
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
    rollTitle: (version: number) => `Kembali ke v${version}?`,
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
