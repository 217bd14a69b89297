import type { Lang } from '@/lib/i18n';

/** Example prompts in both languages: each is understood completely, and the first needs no account. */
export const EXAMPLES: Record<Lang, readonly string[]> = {
  id: [
    'Laporan harian jam 7 pagi, cadangan tiap malam jam 02:15 simpan 14',
    'Pantau telegram bot_a01 tiap 30 detik dan kirim laporan harian jam 18:00',
    'Periksa https://example.com tiap 10 menit, harus memuat "Example Domain"',
  ],
  en: [
    'Daily report at 7 am and a backup every night at 2:15, keep 14',
    'Watch telegram bot_a01 every 30 seconds and send the daily report at 18:00',
    'Send "Stand-up in ten minutes" to telegram chat 12345 every weekday at 08:50',
  ],
};
