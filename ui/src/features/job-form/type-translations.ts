import type { Lang } from '@/lib/i18n';
import type { Schemas } from '@/lib/api/client';

type TypeTexts = { name: string; about: string };

const TYPES: Record<string, Record<Lang, TypeTexts>> = {
  'monitor.channel': {
    en: { name: 'Watch a channel', about: 'Asks the connector for a real call on an account; alarms when it stays down, and when it is back.' },
    id: { name: 'Pantau kanal', about: 'Meminta konektor memanggil akun sungguhan; memberi alarm saat terus gagal dan saat pulih.' },
  },
  'monitor.http': {
    en: { name: 'Watch a web page', about: 'Calls a URL; alarms when the site stays down, and when it is back.' },
    id: { name: 'Pantau halaman web', about: 'Memanggil sebuah URL; memberi alarm saat situs terus mati dan saat pulih.' },
  },
  'report.daily': {
    en: { name: 'Daily report', about: 'Reports on 24 hours against the 24 hours before, and delivers it.' },
    id: { name: 'Laporan harian', about: 'Melaporkan 24 jam dibanding 24 jam sebelumnya, lalu mengirimkannya.' },
  },
  'message.send': {
    en: { name: 'Send a message', about: 'Sends one message and waits for its receipt; a retry sends no second one.' },
    id: { name: 'Kirim pesan', about: 'Mengirim satu pesan dan menunggu tanda terimanya; jika diulang, tidak terkirim dua kali.' },
  },
  'backup.export': {
    en: { name: 'Back up', about: 'Writes every spec, version, account and run to one checked, compressed file, and keeps the newest.' },
    id: { name: 'Cadangkan', about: 'Menulis semua spec, versi, akun, dan run ke satu berkas terkompresi yang diperiksa, dan menyimpan yang terbaru.' },
  },
  'simulation.load': {
    en: { name: 'Simulate load', about: 'Sleeps, perhaps fails, returns a payload: for trying things out.' },
    id: { name: 'Simulasi beban', about: 'Menunggu, mungkin gagal, mengembalikan isi: untuk mencoba-coba.' },
  },
};

/** The name of a job type; a type that is not built in uses its handler's description. */
export function typeTexts({ type, description }: Schemas['JobTypeBody'], lang: Lang): TypeTexts {
  return TYPES[type]?.[lang] ?? { name: type, about: description };
}
