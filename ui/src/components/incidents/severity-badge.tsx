'use client';

import { Badge } from '@/components/ui/badge';
import type { Incident } from '@/lib/api/queries';
import { useLang } from '@/lib/i18n';
import { CLOSED, SEVERITIES } from '@/components/incidents/incidents';

/** The severity of an open incident, or that it is over: icon, word and tone. */
export function SeverityBadge({ incident }: { incident: Pick<Incident, 'severity' | 'closed_at'> }) {
  const lang = useLang();
  const look = incident.closed_at === null ? SEVERITIES[incident.severity] : CLOSED;
  return (
    <Badge tone={look.tone} icon={look.icon} data-severity={incident.closed_at === null ? incident.severity : 'closed'}>
      {look.label[lang]}
    </Badge>
  );
}
