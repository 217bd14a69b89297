'use client';

import { AbsoluteTime, Duration, Elapsed } from '@/components/time';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { outageTranslations } from './reasons';
import type { Availability } from './queries';
import { translations } from './translations';

type Outage = Availability['outages'][number];

/** The outages of the last day: time, duration, reason. Collapsed at first. */
export function Outages({ outages }: { outages: readonly Outage[] }) {
  const t = useTranslations(translations);
  const lang = useLang();
  if (outages.length === 0) return null;
  const count = outages.length === 1 ? t.outage : t.outages(formatNumber(outages.length, lang));
  return (
    <details className="text-xs">
      <summary className="w-fit rounded-[2px] text-text-2 hover:text-text">{count}</summary>
      <ul className="mt-1.5 grid max-h-48 gap-2 overflow-y-auto">
        {outages.map((outage) => (
          <li key={`${outage.job_id} ${outage.from}`} className="grid gap-0.5 border-l-2 pl-2">
            <span className="flex flex-wrap gap-x-2">
              <AbsoluteTime at={outage.from} />
              <Length outage={outage} />
            </span>
            <OutageReason reason={outage.reason} />
          </li>
        ))}
      </ul>
    </details>
  );
}

function Length({ outage }: { outage: Outage }) {
  const t = useTranslations(translations);
  if (outage.to === null) {
    return (
      <span className="text-tone-text tone-fail">
        <Elapsed from={outage.from} /> · {t.still}
      </span>
    );
  }
  return <Duration ms={new Date(outage.to).getTime() - new Date(outage.from).getTime()} className="text-text-2" />;
}

function OutageReason({ reason }: { reason: string }) {
  const reasons = useTranslations(outageTranslations);
  if (!reason) return null;
  const known = reason in reasons;
  return <span className="text-text-3">{known ? reasons[reason as keyof typeof reasons] : reason}</span>;
}
