import { defineTranslations } from '@/lib/i18n';

export const applyTranslations = defineTranslations(
  {
    apply: 'Apply…',
    checkAndApply: (check: string) => `${check}, then apply…`,
    now: 'Run each once now',
    none: 'No job',
    changed: 'The sentence has changed: plan it again first.',
    nothing: 'Everything is already set up. Run it once now, or change the sentence.',
    empty: 'No job is left. Put one back, or change the sentence.',
    question: (job: string | null) =>
      job === null
        ? 'Nothing is applied while a question is open. Answer it first.'
        : `Nothing is applied while a question about ${job} is open. Answer it, edit that job, or leave it out.`,
    doubt: (job: string) => `Nothing is applied before you have confirmed ${job}. You can also edit it or leave it out.`,
    toQuestion: 'Go to the question',
    toDoubt: 'Go to the job',
    runAction: (n: number) => (n === 1 ? 'Run 1 job now' : `Run ${n} jobs now`),
    title: 'Apply this plan?',
    runs: (n: number) => (n === 1 ? '1 job starts at once.' : `${n} jobs start at once.`),
    noRuns: 'No job starts at once: each waits for its next time.',
    deletes: (n: number) =>
      n === 1
        ? '1 job is deleted with its schedule and versions, and its waiting runs are cancelled. This cannot be undone.'
        : `${n} jobs are deleted with their schedules and versions, and their waiting runs are cancelled. This cannot be undone.`,
    outdated: 'Someone has changed these jobs since the plan was created',
    gone: 'This plan has expired: plans are kept for an hour',
    again: 'Plan again',
    trace: 'Trace id',
  },
  {
    apply: 'Terapkan…',
    checkAndApply: (check: string) => `${check}, lalu terapkan…`,
    now: 'Jalankan sekali sekarang',
    none: 'Tidak ada job',
    changed: 'Kalimat sudah berubah: rencanakan lagi dahulu.',
    nothing: 'Semuanya sudah sesuai. Jalankan sekali sekarang, atau ubah kalimatnya.',
    empty: 'Tidak ada job yang tersisa. Ikutkan salah satu, atau ubah kalimatnya.',
    question: (job: string | null) =>
      job === null
        ? 'Rencana belum bisa diterapkan selama masih ada pertanyaan. Jawab dulu.'
        : `Rencana belum bisa diterapkan selama masih ada pertanyaan tentang ${job}. Jawab, ubah job itu, atau jangan ikutkan.`,
    doubt: (job: string) => `Rencana belum bisa diterapkan sebelum ${job} Anda pastikan. Bisa juga diubah atau tidak diikutkan.`,
    toQuestion: 'Ke pertanyaan',
    toDoubt: 'Ke job itu',
    runAction: (n: number) => `Jalankan ${n} job sekarang`,
    title: 'Terapkan rencana ini?',
    runs: (n: number) => `${n} job langsung berjalan.`,
    noRuns: 'Tidak ada yang langsung berjalan: tiap job menunggu waktunya.',
    deletes: (n: number) => `${n} job dihapus beserta jadwal dan versinya, dan run yang masih menunggu dibatalkan. Ini tidak bisa diurungkan.`,
    outdated: 'Ada yang mengubah job ini sejak rencana dibuat',
    gone: 'Rencana ini sudah kedaluwarsa: rencana disimpan satu jam',
    again: 'Rencanakan lagi',
    trace: 'Id jejak',
  },
);
