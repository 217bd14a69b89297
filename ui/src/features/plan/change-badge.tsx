'use client';

import { Equal, PencilLine, Plus, type LucideIcon } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import type { Tone } from '@/lib/run-states';
import type { Change } from './queries';

const translations = defineTranslations(
  { create: 'New', update: 'Change', unchanged: 'Unchanged' },
  { create: 'Baru', update: 'Ubah', unchanged: 'Tetap' },
);

const LOOKS: Record<Change, { tone: Tone; icon: LucideIcon }> = {
  create: { tone: 'ok', icon: Plus },
  update: { tone: 'retry', icon: PencilLine },
  unchanged: { tone: 'neutral', icon: Equal },
};

/** The change that a plan makes to a job. */
export function ChangeBadge({ change }: { change: Change }) {
  const t = useTranslations(translations);
  return (
    <Badge tone={LOOKS[change].tone} icon={LOOKS[change].icon}>
      {t[change]}
    </Badge>
  );
}
