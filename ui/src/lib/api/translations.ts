import { defineTranslations } from '@/lib/languages';

/** No answer in time. A write without an answer may have been done: a blind retry may repeat it. */
export const noAnswerTranslations = defineTranslations(
  {
    title: 'No answer',
    read: (seconds: number) => `No answer within ${seconds} s.`,
    write: (seconds: number) => `No answer within ${seconds} s: it may have been done. Look before you repeat it.`,
  },
  {
    title: 'Tidak ada jawaban',
    read: (seconds) => `Tidak ada jawaban dalam ${seconds} detik.`,
    write: (seconds) => `Tidak ada jawaban dalam ${seconds} detik: mungkin sudah dikerjakan. Periksa dulu sebelum mengulang.`,
  },
);
