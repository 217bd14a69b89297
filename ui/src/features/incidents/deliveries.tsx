'use client';

import { messageStateOf } from '@/components/incidents/delivery-text';
import { MessageBadge } from '@/components/message-state';
import { ShortTime } from '@/components/time';
import { Link } from '@/components/ui/link';
import type { Incident } from '@/lib/api/queries';
import { useTranslations } from '@/lib/i18n';
import { incidentsTranslations } from './translations';

/** The messages about an incident, and whether each arrived. */
export function Deliveries({ incident }: { incident: Incident }) {
  const t = useTranslations(incidentsTranslations);
  if (incident.deliveries.length === 0) return <p className="p-3.5 text-text-2">{t.noDelivery}</p>;
  return (
    <ul aria-label={t.deliveries}>
      {incident.deliveries.map((each) => (
        <li key={each.message_id} className="grid gap-1 border-b px-3.5 py-2 last:border-b-0">
          <p className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
            <MessageBadge state={messageStateOf(each)} />
            <Link href={`/messages?message=${encodeURIComponent(each.message_id)}`} className="min-w-0 font-medium break-words hover:underline">
              {each.channel} {each.to}
            </Link>
            {each.account_id && <span className="text-xs text-text-3">{t.through(each.account_id)}</span>}
          </p>
          <p className="flex flex-wrap gap-x-2 text-xs text-text-2">
            {t.phase(each.phase)} · <ShortTime at={each.at} />
          </p>
          {each.error && <p className="text-xs break-words text-tone-text tone-fail">{each.error}</p>}
        </li>
      ))}
    </ul>
  );
}
