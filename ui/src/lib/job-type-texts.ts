import type { Lang } from '@/lib/i18n';
import type { Schemas } from '@/lib/api/client';

type TypeTexts = {
  name: string;
  about: string;
  /** A sentence that plans such a job; undefined if none does, or if its handler declares the words. */
  example?: string;
};

const TYPES: Record<string, Record<Lang, TypeTexts>> = {
  'monitor.channel': {
    en: { name: 'Watch a channel', about: 'Checks an account with a real call; sends an alarm when it stays down and when it recovers.', example: 'Watch telegram bot_a01 every 30 seconds' },
    id: { name: 'Pantau kanal', about: 'Memeriksa akun dengan panggilan sungguhan; mengirim alarm saat terus gagal dan saat pulih.', example: 'Pantau telegram bot_a01 tiap 30 detik' },
  },
  'monitor.http': {
    en: { name: 'Watch a web page', about: 'Calls a URL; sends an alarm when the site stays down and when it recovers.', example: 'Check https://example.com every 10 minutes' },
    id: { name: 'Pantau halaman web', about: 'Memanggil sebuah URL; mengirim alarm saat situs terus mati dan saat pulih.', example: 'Periksa https://example.com tiap 10 menit' },
  },
  'monitor.heartbeat': {
    en: { name: 'Expect a ping', about: 'An outside program calls a URL in time; sends an alarm when it does not, and when it does again.' },
    id: { name: 'Tunggu ping', about: 'Program di luar memanggil sebuah URL tepat waktu; mengirim alarm saat tidak, dan saat kembali.' },
  },
  'report.daily': {
    en: { name: 'Report', about: 'Reports on a day, a week or a month: uptime, incidents, messages, runs. Delivers it and files it.', example: 'Daily report at 7 am' },
    id: { name: 'Laporan', about: 'Melaporkan sehari, seminggu, atau sebulan: uptime, insiden, pesan, run. Lalu dikirim dan disimpan.', example: 'Laporan harian jam 7 pagi' },
  },
  'message.send': {
    en: { name: 'Send a message', about: 'Sends one message and waits for its receipt; a retry sends no second one.', example: 'Send "Stand-up in ten minutes" to telegram chat 12345 every weekday at 08:50' },
    id: { name: 'Kirim pesan', about: 'Mengirim satu pesan dan menunggu tanda terimanya; jika diulang, tidak terkirim dua kali.', example: 'Kirim wa ke 081234567890 tiap Senin jam 9: stok masih ada?' },
  },
  'backup.export': {
    en: { name: 'Back up', about: 'Writes every spec, version, account and run to one verified, compressed file, and keeps the newest files.', example: 'Backup every night at 2:15, keep 14' },
    id: { name: 'Cadangkan', about: 'Menulis semua spesifikasi, versi, akun, dan run ke satu berkas terkompresi yang terverifikasi, dan menyimpan berkas terbaru.', example: 'Cadangan tiap malam jam 02:15 simpan 14' },
  },
  'simulation.load': {
    en: { name: 'Simulate load', about: 'Sleeps, may fail, returns a payload: for tests.' },
    id: { name: 'Simulasi beban', about: 'Menunggu, bisa gagal, mengembalikan isi: untuk uji coba.' },
  },
};

/** The name of a job type; a type that is not built in uses its handler's description. */
export function typeTexts({ type, description }: Schemas['JobTypeBody'], lang: Lang): TypeTexts {
  return TYPES[type]?.[lang] ?? { name: type, about: description };
}
