import { defineTranslations } from '@/lib/i18n';

/** Texts of an outage: the part, since when, and the age of the shown data. */
export const outageTranslations = defineTranslations(
  {
    offline: (clock: string) => `This browser has been offline since ${clock}.`,
    dashboard: (clock: string) => `The dashboard's server has not answered since ${clock}.`,
    api_away: (clock: string) => `The API has been unreachable since ${clock}.`,
    api_hung: (clock: string) => `The API has not answered since ${clock}.`,
    api_unwell: (clock: string) => `The API has not been ready since ${clock}.`,
    redis: (clock: string) => `The API has been waiting for Redis since ${clock}.`,
    shown: (clock: string) => `Shown: data of ${clock}`,
    nothingShown: 'No data has been read yet.',
    age: (age: string) => `(${age} old)`,
    next: (age: string) => `Next attempt in ${age}`,
    trying: 'Trying…',
    retry: 'Try again',
  },
  {
    offline: (clock: string) => `Peramban ini tidak terhubung ke jaringan sejak ${clock}.`,
    dashboard: (clock: string) => `Server dasbor tidak menjawab sejak ${clock}.`,
    api_away: (clock: string) => `API tidak terjangkau sejak ${clock}.`,
    api_hung: (clock: string) => `API tidak menjawab sejak ${clock}.`,
    api_unwell: (clock: string) => `API belum siap sejak ${clock}.`,
    redis: (clock: string) => `API menunggu Redis sejak ${clock}.`,
    shown: (clock: string) => `Yang tampil: data pukul ${clock}`,
    nothingShown: 'Belum ada data yang dimuat.',
    age: (age: string) => `(${age} lalu)`,
    next: (age: string) => `Dicoba ulang dalam ${age}`,
    trying: 'Mencoba…',
    retry: 'Muat ulang',
  },
);
