'use client';

import { MESSAGE_STATES, type MessageState } from '@/components/message-state';
import { cn } from '@/lib/cn';
import type { Incident } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { newestDeliveries } from '@/components/incidents/incidents';
import { TONE_CLASS } from '@/lib/run-states';
import { formatNumber } from '@/lib/time';
import { incidentTranslations } from './translations';

type Delivery = Incident['deliveries'][number];
const MAX_SHOWN = 2;

/** The state of a message; a state that this version does not know is unknown. */
export function messageStateOf(delivery: Delivery): MessageState {
  return delivery.state in MESSAGE_STATES ? (delivery.state as MessageState) : 'unknown';
}

/** One recipient, and whether the message arrived. */
function Recipient({ delivery }: { delivery: Delivery }) {
  const lang = useLang();
  const state = messageStateOf(delivery);
  const { icon: Icon, tone, label } = MESSAGE_STATES[state];
  return (
    <span data-delivery={state} title={delivery.error ?? undefined} className={cn('inline-flex min-w-0 items-center gap-1', TONE_CLASS[tone])}>
      <Icon aria-hidden className="size-3.5 shrink-0 text-tone" strokeWidth={2.25} />
      <span className="min-w-0 truncate">
        {delivery.channel} {delivery.to}: <span className="text-tone-text">{label[lang].toLowerCase()}</span>
      </span>
    </span>
  );
}

/** Who got a message about an incident, and whether it arrived. */
export function DeliveryText({ incident }: { incident: Pick<Incident, 'deliveries' | 'closed_at'> }) {
  const t = useTranslations(incidentTranslations);
  const lang = useLang();
  const newest = newestDeliveries(incident);
  if (newest.length === 0) return <span>{incident.closed_at === null ? t.noMessage : t.noMessageEver}</span>;
  return (
    <>
      {newest.slice(0, MAX_SHOWN).map((each) => (
        <Recipient key={`${each.channel} ${each.account_id} ${each.to}`} delivery={each} />
      ))}
      {newest.length > MAX_SHOWN && <span>{t.more(formatNumber(newest.length - MAX_SHOWN, lang))}</span>}
    </>
  );
}
