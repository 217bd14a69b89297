import { defineTranslations } from '@/lib/i18n';

export const pauseTranslations = defineTranslations(
  {
    title: 'Pause',
    pauseAll: 'Pause everything…',
    nothing: 'Nothing is paused.',
    hint: 'During a pause no schedule fires and no run starts. Active runs continue; due runs wait in order.',
    paused: 'Paused',
    everything: 'Everything',
    queue: 'Queue',
    held: (n: number) => (n === 1 ? '1 run held' : `${n} runs held`),
    ends: 'until',
    resume: 'Resume',
  },
  {
    title: 'Jeda',
    pauseAll: 'Jeda semuanya…',
    nothing: 'Tidak ada yang dijeda.',
    hint: 'Jeda menahan jadwal dan run baru; yang sedang berjalan lanjut, yang jatuh tempo menunggu sesuai urutan.',
    paused: 'Dijeda',
    everything: 'Semuanya',
    queue: 'Antrean',
    held: (n: number) => `${n} run ditahan`,
    ends: 'sampai',
    resume: 'Lanjutkan',
  },
);
