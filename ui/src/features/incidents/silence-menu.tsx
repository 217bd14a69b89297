'use client';

import { BellOff } from 'lucide-react';
import { Popover, PopoverItem } from '@/components/ui/popover';
import { buttonClass } from '@/components/ui/button';
import { useSilence } from '@/components/incidents/use-incident-actions';
import type { Incident } from '@/lib/api/queries';
import { useTranslations } from '@/lib/i18n';
import { incidentsTranslations } from './translations';

const MINUTES = [30, 60, 240, 1_440] as const;

/** Sends nothing more about an incident for a time. */
export function SilenceMenu({ incident }: { incident: Incident }) {
  const t = useTranslations(incidentsTranslations);
  const { mutate, isPending } = useSilence(incident.id);
  return (
    <Popover
      label={t.silence}
      triggerClassName={buttonClass({})}
      trigger={
        <>
          <BellOff aria-hidden className="size-3.5" />
          {t.silence}
        </>
      }
    >
      <p className="px-2 py-1 text-xs text-text-3">{t.silenceFor}</p>
      {MINUTES.map((minutes) => (
        <PopoverItem key={minutes} disabled={isPending} onClick={() => mutate(minutes)}>
          {t.minutes(minutes)}
        </PopoverItem>
      ))}
    </Popover>
  );
}
