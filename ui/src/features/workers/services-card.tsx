'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleX, type LucideIcon } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { Command } from '@/components/ui/states';
import { UnknownBadge } from '@/components/unknown-badge';
import type { Schemas } from '@/lib/api/client';
import { useLang, useTranslations } from '@/lib/i18n';
import { useUnknownSince } from '@/lib/live/provider';
import { queries } from '@/lib/api/queries';
import type { Tone } from '@/lib/run-states';
import { formatNumber, formatRelative } from '@/lib/time';
import { workerTranslations } from './translations';

const NAMES = ['scheduler', 'worker', 'connector', 'redis'] as const;
const LOOKS: Record<Schemas['Check']['status'], { tone: Tone; icon: LucideIcon }> = {
  ok: { tone: 'ok', icon: CircleCheck },
  late: { tone: 'retry', icon: CircleAlert },
  busy: { tone: 'retry', icon: CircleAlert },
  missing: { tone: 'fail', icon: CircleX },
  stalled: { tone: 'fail', icon: CircleX },
  refusing: { tone: 'fail', icon: CircleX },
};

/** The other services: scheduler, connector and Redis, from the readiness check. */
export function ServicesCard() {
  const t = useTranslations(workerTranslations);
  const lang = useLang();
  const { data, dataUpdatedAt } = useQuery(queries.readiness());
  const since = useUnknownSince(dataUpdatedAt);
  if (!data) return null;
  const isMissing = NAMES.some((name) => data.checks[name].status === 'missing');
  return (
    <Card title={t.others}>
      <ul>
        {NAMES.map((name) => {
          const { status, age_ms: ageMs, instances } = data.checks[name];
          return (
            <li key={name} className="flex h-9 items-center gap-3 border-b px-3.5 last:border-0">
              <span className="w-24 shrink-0">{t[name]}</span>
              {since === null ? (
                <Badge tone={LOOKS[status].tone} icon={LOOKS[status].icon}>
                  {t[`${status}_s`]}
                </Badge>
              ) : (
                <UnknownBadge since={since} />
              )}
              <span className="ml-auto truncate text-xs text-text-3">
                {name !== 'redis' && t.instances(formatNumber(instances, lang))}
                {name !== 'redis' && ageMs !== null && (
                  <span className="max-sm:hidden">{` · ${t.ago} ${formatRelative(-ageMs, 0, lang)}`}</span>
                )}
                {name === 'redis' && ageMs !== null && `${formatNumber(ageMs, lang)} ms`}
              </span>
            </li>
          );
        })}
      </ul>
      {NAMES.map((name) => {
        const { reason } = data.checks[name];
        return reason ? (
          <p key={name} className="border-t px-3.5 py-2 text-xs text-text-2">
            {`${t[name]}: ${reason}`}
          </p>
        ) : null;
      })}
      {isMissing && (
        <div className="border-t px-3.5 py-2">
          <Command text="./start-local.sh" label={t.startAll} />
        </div>
      )}
    </Card>
  );
}
