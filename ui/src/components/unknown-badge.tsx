'use client';

import { CircleDashed } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { formatClock, zoneName } from '@/lib/time';

export const unknownTranslations = defineTranslations(
  { since: (clock: string) => `Unknown since ${clock}` },
  { since: (clock: string) => `Tidak diketahui sejak ${clock}` },
);

/** Replaces a state that is no longer confirmed. */
export function UnknownBadge({ since }: { since: number }) {
  return (
    <Badge icon={CircleDashed} data-state="unknown">
      {useUnknownText(since)}
    </Badge>
  );
}

/** "Unknown since 10:41:07 WIB". */
export function useUnknownText(since: number): string {
  const t = useTranslations(unknownTranslations);
  const { timezone } = useSession();
  return t.since(`${formatClock(since, timezone)} ${zoneName(timezone, since)}`);
}
