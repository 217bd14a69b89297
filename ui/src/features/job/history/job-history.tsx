'use client';

import { Card } from '@/components/ui/card';
import { RunStrip } from '@/components/run-strip';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { DurationChart } from './duration-chart';
import { HISTORY, type Bar } from './history';

const translations = defineTranslations(
  {
    title: (n: string, one: boolean) => (one ? 'Last run' : `Last ${n} runs`),
    none: 'No runs yet. Each run will be a bar here: its outcome below, its length above.',
    hint: 'oldest left',
  },
  {
    title: (n: string) => `${n} run terakhir`,
    none: 'Belum ada run. Setiap run akan menjadi satu batang: hasilnya di bawah, lamanya di atas.',
    hint: 'terlama di kiri',
  },
);

/** Duration and outcome of the last runs, one bar each. */
export function JobHistory({ bars }: { bars: readonly Bar[] }) {
  const t = useTranslations(translations);
  const lang = useLang();
  return (
    <Card title={t.title(formatNumber(bars.length === 0 ? HISTORY : bars.length, lang), bars.length === 1)} aside={bars.length > 0 && t.hint}>
      {bars.length === 0 ? (
        <p className="px-3.5 py-10 text-center text-sm text-text-2">{t.none}</p>
      ) : (
        <div className="max-w-[570px] px-4 pt-2 pb-3.5">
          <DurationChart bars={bars} length={HISTORY}>
            <RunStrip runs={bars} length={HISTORY} className="mt-1.5" />
          </DurationChart>
        </div>
      )}
    </Card>
  );
}
