import { defineTranslations } from '@/lib/i18n';

/** Texts of what a redrive or a discard has done. */
export const outcomeTranslations = defineTranslations(
  {
    redriven: (n: string, one: boolean) => (one ? '1 run starts again' : `${n} runs start again`),
    discarded: (n: string, one: boolean) => (one ? '1 run discarded' : `${n} runs discarded`),
    nothing: 'Nothing was changed',
    refused: (n: string, one: boolean) => (one ? '1 run was left as it is' : `${n} runs were left as they are`),
    succeeded: (n: string) => `${n} succeeded`,
    failed: (n: string) => `${n} failed again`,
    active: (n: string) => `${n} not ended yet`,
    shown: (n: string) => `of the first ${n}`,
    list: 'Runs that start again',
    toRuns: 'Open the list of runs',
    close: 'Close',
    codes: (code: string): string =>
      ({
        run_not_found: 'it does not exist any more',
        no_dead_letter: 'it needs no decision any more',
        changed: 'it has failed again since',
        damaged_record: 'its record is damaged',
        admin_required: 'only an admin may run it again',
        redis_unavailable: 'Redis did not answer: try it again',
      })[code] ?? code,
  },
  {
    redriven: (n: string) => `${n} run dijalankan lagi`,
    discarded: (n: string) => `${n} run diabaikan`,
    nothing: 'Tidak ada yang berubah',
    refused: (n: string) => `${n} run dibiarkan`,
    succeeded: (n: string) => `${n} berhasil`,
    failed: (n: string) => `${n} gagal lagi`,
    active: (n: string) => `${n} belum selesai`,
    shown: (n: string) => `dari ${n} yang pertama`,
    list: 'Run yang dijalankan lagi',
    toRuns: 'Buka daftar run',
    close: 'Tutup',
    codes: (code: string): string =>
      ({
        run_not_found: 'sudah tidak ada',
        no_dead_letter: 'tidak lagi menunggu keputusan',
        changed: 'sudah gagal lagi sejak itu',
        damaged_record: 'catatannya rusak',
        admin_required: 'hanya admin yang boleh menjalankannya lagi',
        redis_unavailable: 'Redis tidak menjawab: ulangi',
      })[code] ?? code,
  },
);
