import { defineWords } from '@/lib/i18n';

export const words = defineWords(
  {
    title: 'Sign in',
    lead: 'This deployment asks for an API key. It stays on the server: no script of this page can read it again.',
    ended: 'You were signed out: the session has ended, or its key was revoked.',
    key: 'API key',
    signIn: 'Sign in',
    language: 'Bahasa Indonesia',
    how: 'No key yet? On the machine that runs the platform:',
    roles: 'Roles: viewer reads, operator also runs and changes jobs, admin also sets up accounts, secrets and keys.',
    unknown: 'This key is not known here, or it was revoked.',
    noKey: 'This is no API key. One begins with mj_.',
    away: 'The dashboard runs, but the API does not answer. See what is wrong:',
    tooMany: (sec: number) => `Too many tries. Try again in ${sec} s.`,
    failed: (title: string, detail: string) => `${title}: ${detail}`,
  },
  {
    title: 'Masuk',
    lead: 'Sistem ini meminta kunci API. Kunci disimpan di server: tidak ada skrip halaman ini yang bisa membacanya lagi.',
    ended: 'Anda sudah keluar: sesi berakhir, atau kuncinya dicabut.',
    key: 'Kunci API',
    signIn: 'Masuk',
    language: 'English',
    how: 'Belum punya kunci? Di komputer yang menjalankan platform:',
    roles: 'Peran: viewer membaca, operator juga menjalankan dan mengubah job, admin juga mengatur akun, rahasia, dan kunci.',
    unknown: 'Kunci ini tidak dikenal di sini, atau sudah dicabut.',
    noKey: 'Ini bukan kunci API. Kunci diawali mj_.',
    away: 'Dasbor berjalan, tetapi API tidak menjawab. Lihat apa yang salah:',
    tooMany: (sec: number) => `Terlalu banyak percobaan. Coba lagi dalam ${sec} dtk.`,
    failed: (title: string, detail: string) => `${title}: ${detail}`,
  },
);
