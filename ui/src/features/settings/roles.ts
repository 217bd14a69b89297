import { defineTranslations } from '@/lib/i18n';

/** The permissions of each role. */
export const roleTranslations = defineTranslations(
  {
    metrics: 'reads the metrics for Prometheus, and nothing else',
    viewer: 'reads everything but secrets',
    operator: 'also creates, changes and runs jobs',
    admin: 'also sets up accounts, secrets and keys',
  },
  {
    metrics: 'hanya membaca metrik untuk Prometheus',
    viewer: 'membaca semua kecuali rahasia',
    operator: 'juga membuat, mengubah, dan menjalankan job',
    admin: 'juga mengatur akun, rahasia, dan kunci',
  },
);
