import { defineTranslations } from '@/lib/languages';
import type { UnmetCondition } from './access/exposure';

const MAKE_KEY = '`multi-job keys create NAME --role admin`';

export const translations = defineTranslations(
  {
    unauthorized: 'Unauthorized',
    keyRequired: (condition: string) => `Sign in with an API key: ${condition}. ${MAKE_KEY} on the machine makes one.`,
    tooLarge: 'Too large',
    atMost: (kilobytes: number) => `At most ${kilobytes} KB.`,
    noAnswer: 'The API does not answer',
    unreachable: 'The dashboard runs, but the API does not answer.',
    notFound: 'Not found',
    noOperation: 'The API has no such operation.',
    refused: 'Refused',
    foreignCall: 'Only pages of this dashboard may call it.',
    foreignSignIn: 'Only this dashboard may sign in.',
    noKey: 'No key',
    notAKey: 'This is no API key.',
    noStatusPage: 'There is no such status page, or it is not published.',
    statusPageAway: 'The state cannot be read now. Try again in a minute.',
    signedOutHere: 'Signed out in this browser only',
    sessionNotEnded: 'The API did not answer: the session ends after its idle time, or in the settings.',
  },
  {
    unauthorized: 'Belum masuk',
    keyRequired: (condition) => `Masuk dengan kunci API: ${condition}. Buat kunci di mesin itu: ${MAKE_KEY}.`,
    tooLarge: 'Terlalu besar',
    atMost: (kilobytes) => `Paling banyak ${kilobytes} KB.`,
    noAnswer: 'API tidak menjawab',
    unreachable: 'Dasbor berjalan, tetapi API tidak menjawab.',
    notFound: 'Tidak ditemukan',
    noOperation: 'Operasi ini tidak ada.',
    refused: 'Ditolak',
    foreignCall: 'Hanya halaman dasbor ini yang boleh memanggil.',
    foreignSignIn: 'Hanya dari dasbor ini.',
    noKey: 'Tidak ada kunci',
    notAKey: 'Ini bukan kunci API.',
    noStatusPage: 'Halaman status ini tidak ada atau belum diterbitkan.',
    statusPageAway: 'Keadaan belum bisa dibaca. Muat ulang semenit lagi.',
    signedOutHere: 'Hanya keluar di peramban ini',
    sessionNotEnded: 'API tidak menjawab: sesi berakhir sendiri setelah tidak dipakai, atau cabut di pengaturan.',
  },
);

/** Sign-in at a provider. */
export const oidcTranslations = defineTranslations(
  {
    signedIn: 'Signed in',
    goOn: 'Go on to the dashboard',
    refused: 'Sign-in refused',
    notBegun: 'This sign-in was not begun in this browser, or it took longer than 10 minutes. Begin it again.',
    noCode: 'no code',
    providerSays: (error: string) => `The provider did not sign you in (${error}). Try again, or sign in with a key.`,
  },
  {
    signedIn: 'Sudah masuk',
    goOn: 'Lanjut ke dasbor',
    refused: 'Tidak bisa masuk',
    notBegun: 'Proses masuk ini tidak dimulai di peramban ini, atau sudah lewat 10 menit. Mulai lagi dari awal.',
    noCode: 'tanpa kode',
    providerSays: (error) => `Penyedia login menolak (${error}). Ulangi dari halaman masuk, atau masuk dengan kunci.`,
  },
);

/** Why a key is needed: the condition of an open dashboard that a request does not meet. */
export const conditionTranslations = defineTranslations<Record<UnmetCondition, string>>(
  {
    peer: 'the request is not from this machine',
    server: 'it came to an address that other machines reach',
    host: 'its Host is not a loopback name',
    forwarded: 'a proxy passed it on',
    allowed_hosts: 'UI_ALLOWED_HOSTS is set',
    ui_host: 'UI_HOST is not loopback',
    auth: 'AUTH=key asks everybody for a key',
    container: 'in a container the connection does not show whose it is',
    ends: 'the server does not know the connection',
    credential: 'the request has a credential in a header, which the dashboard does not read',
  },
  {
    peer: 'permintaan tidak berasal dari mesin ini',
    server: 'alamat tujuannya terbuka untuk mesin lain',
    host: 'Host bukan nama lokal',
    forwarded: 'permintaan lewat proxy',
    allowed_hosts: 'UI_ALLOWED_HOSTS diisi',
    ui_host: 'UI_HOST bukan alamat lokal',
    auth: 'AUTH=key meminta kunci dari semua orang',
    container: 'di dalam kontainer, pemilik koneksi tidak bisa diketahui',
    ends: 'server tidak mengenali koneksinya',
    credential: 'permintaan membawa kunci di header, yang tidak dibaca dasbor',
  },
);
