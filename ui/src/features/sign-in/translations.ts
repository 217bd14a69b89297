import { defineTranslations } from '@/lib/i18n';

export const translations = defineTranslations(
  {
    title: 'Sign in',
    lead: 'This deployment requires an API key. The key is sent once and not stored: this browser then holds a session.',
    ended: 'You were signed out: the session has ended, or its key was revoked.',
    kept: 'You are signed out in this browser, but the API did not answer. The session ends when it has been idle for a while; you can also revoke it in the settings.',
    key: 'API key',
    signIn: 'Sign in',
    language: 'Bahasa Indonesia',
    how: 'No key yet? On the machine that runs the platform:',
    roles: 'Roles: viewer reads, operator also runs and changes jobs, admin also sets up accounts, secrets and keys.',
    noKey: 'This is not an API key. Keys begin with mj_.',
    away: 'The dashboard runs, but the API does not answer. See what is wrong:',
    tooMany: (sec: number) => `Too many attempts. Try again in ${sec} s.`,
    failed: (title: string, detail: string) => `${title}: ${detail}`,
  },
  {
    title: 'Masuk',
    lead: 'Sistem ini memerlukan kunci API. Kunci hanya dikirim sekali dan tidak disimpan; setelah itu peramban ini memakai sesi.',
    ended: 'Anda sudah keluar: sesi berakhir, atau kuncinya dicabut.',
    kept: 'Anda sudah keluar di peramban ini, tetapi API tidak menjawab. Sesinya berakhir setelah lama tidak dipakai; bisa juga dicabut di pengaturan.',
    key: 'Kunci API',
    signIn: 'Masuk',
    language: 'English',
    how: 'Belum punya kunci? Di komputer yang menjalankan platform:',
    roles: 'Peran: viewer membaca, operator juga menjalankan dan mengubah job, admin juga mengatur akun, rahasia, dan kunci.',
    noKey: 'Ini bukan kunci API. Kunci diawali mj_.',
    away: 'Dasbor berjalan, tetapi API tidak menjawab. Lihat apa yang salah:',
    tooMany: (sec: number) => `Terlalu banyak percobaan. Tunggu ${sec} dtk.`,
    failed: (title: string, detail: string) => `${title}: ${detail}`,
  },
);
