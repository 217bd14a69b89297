import type { StatsRange } from '@/lib/api/queries';
import { defineTranslations } from '@/lib/i18n';

export const throughputTranslations = defineTranslations(
  {
    throughput: 'Throughput',
    range: 'Range of the chart',
    ofRange: (range: StatsRange) => ({ '1h': '1 h', '24h': '24 h', '7d': '7 d' })[range],
    succeeded: (n: string) => `${n} succeeded`,
    failed: (n: string) => `${n} failed`,
    cancelled: (n: string) => `${n} cancelled`,
    wait: (time: string) => `p95 wait ≈ ${time}`,
    chart: (range: StatsRange) =>
      ({
        '1h': 'Runs of the last hour, a bar a minute',
        '24h': 'Runs of the last 24 hours, a bar a quarter hour',
        '7d': 'Runs of the last 7 days, a bar an hour',
      })[range],
    sums: (succeeded: string, failed: string, peak: string) =>
      `${succeeded} succeeded, ${failed} failed, at most ${peak}. Arrow keys walk the bars.`,
    peak: (range: StatsRange, n: string) =>
      ({
        '1h': `${n} a minute`,
        '24h': `${n} in 15 minutes`,
        '7d': `${n} an hour`,
      })[range],
    cut: (n: string, isOne: boolean) => (isOne ? 'scale cut: 1 bar is taller, its number is on it' : `scale cut: ${n} bars are taller`),
    soFar: 'so far',
    quiet: (range: StatsRange) =>
      ({
        '1h': 'No run has ended in the last hour.',
        '24h': 'No run has ended in the last 24 hours.',
        '7d': 'No run has ended in the last 7 days.',
      })[range],
  },
  {
    throughput: 'Laju run',
    range: 'Rentang grafik',
    ofRange: (range: StatsRange) => ({ '1h': '1 jam', '24h': '24 jam', '7d': '7 hari' })[range],
    succeeded: (n: string) => `${n} berhasil`,
    failed: (n: string) => `${n} gagal`,
    cancelled: (n: string) => `${n} dibatalkan`,
    wait: (time: string) => `p95 tunggu ≈ ${time}`,
    chart: (range: StatsRange) =>
      ({
        '1h': 'Run satu jam terakhir, satu batang per menit',
        '24h': 'Run 24 jam terakhir, satu batang per 15 menit',
        '7d': 'Run 7 hari terakhir, satu batang per jam',
      })[range],
    sums: (succeeded: string, failed: string, peak: string) =>
      `${succeeded} berhasil, ${failed} gagal, paling banyak ${peak}. Tombol panah menelusuri batang.`,
    peak: (range: StatsRange, n: string) =>
      ({
        '1h': `${n} per menit`,
        '24h': `${n} per 15 menit`,
        '7d': `${n} per jam`,
      })[range],
    cut: (n: string, isOne: boolean) => (isOne ? 'skala dipotong: 1 batang lebih tinggi, angkanya tertulis di atasnya' : `skala dipotong: ${n} batang lebih tinggi`),
    soFar: 'sejauh ini',
    quiet: (range: StatsRange) =>
      ({
        '1h': 'Tidak ada run yang selesai dalam satu jam terakhir.',
        '24h': 'Tidak ada run yang selesai dalam 24 jam terakhir.',
        '7d': 'Tidak ada run yang selesai dalam 7 hari terakhir.',
      })[range],
  },
);
