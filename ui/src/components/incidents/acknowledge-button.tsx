'use client';

import { Check } from 'lucide-react';
import { Button } from '@/components/ui/button';
import type { Incident } from '@/lib/api/queries';
import { useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { incidentTranslations } from './translations';
import { useAcknowledge } from './use-incident-actions';

/** Says that you deal with an open incident; nothing if somebody has, or may not. */
export function AcknowledgeButton({ incident, title }: { incident: Incident; title?: string }) {
  const t = useTranslations(incidentTranslations);
  const canWork = useCan('operator');
  const { mutate, isPending } = useAcknowledge(incident.id);
  if (!canWork || incident.closed_at !== null || incident.acknowledged_by !== null) return null;
  return (
    <Button pending={isPending} title={title} onClick={() => mutate()}>
      {!isPending && <Check aria-hidden className="size-3.5" />}
      {t.acknowledge}
    </Button>
  );
}
