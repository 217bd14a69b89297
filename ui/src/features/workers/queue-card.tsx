'use client';

import { useQuery } from '@tanstack/react-query';
import { Duration, RelativeTime } from '@/components/time';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { useLang, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { formatNumber } from '@/lib/time';
import { workerTranslations } from './translations';

const LANES = ['high', 'normal', 'low'] as const;

/** The queued runs by priority, and the runs that wait for something else. */
export function QueueCard() {
  const t = useTranslations(workerTranslations);
  const lang = useLang();
  const { data } = useQuery(queries.queue());
  if (!data) return null;
  const others = [
    {
      label: t.delayed,
      value: data.delayed,
      note: data.next_due_at && (
        <>
          {t.nextDue} <RelativeTime at={data.next_due_at} />
        </>
      ),
      href: '/runs?status=retrying',
    },
    { label: t.keys, value: data.waiting_for_keys, href: '/runs?status=queued' },
    { label: t.suspects, value: data.suspects, href: '/runs?status=queued' },
  ];
  return (
    <Card title={t.lanes}>
      <div className="overflow-x-auto">
        <table className="w-full">
          <thead>
            <tr className="border-b text-left text-xs text-text-3">
              <th className="px-3.5 py-2 font-medium">{t.lane}</th>
              <th className="px-3.5 py-2 text-right font-medium">{t.waiting}</th>
              <th className="px-3.5 py-2 text-right font-medium">{t.running}</th>
              <th className="px-3.5 py-2 text-right font-medium">{t.oldest}</th>
            </tr>
          </thead>
          <tbody>
            {LANES.map((lane) => (
              <tr key={lane} className="h-9 border-b">
                <td className="px-3.5">{t[lane]}</td>
                <td className="px-3.5 text-right">{formatNumber(data.lanes[lane].waiting, lang)}</td>
                <td className="px-3.5 text-right">{formatNumber(data.lanes[lane].running, lang)}</td>
                <td className="px-3.5 text-right text-text-2">
                  <Duration ms={data.lanes[lane].oldest_ms} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <dl className="grid gap-x-4 gap-y-2 px-3.5 py-3 sm:grid-cols-3">
        {others.map(({ label, value, note, href }) => (
          <div key={label} className="flex items-baseline gap-2 sm:block">
            <dt className="text-xs text-text-3">{label}</dt>
            <dd className="text-sm">
              <Link href={href} className="font-medium underline-offset-2 hover:underline">
                {formatNumber(value, lang)}
              </Link>
              {note && <span className="ml-2 text-xs text-text-3">{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
