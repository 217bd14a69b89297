'use client';

import { CirclePause, CirclePlay, Equal, PencilLine, Plus, PowerOff, Trash2, Zap, type LucideIcon } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import type { Tone } from '@/lib/run-states';
import type { Change } from './queries';

const translations = defineTranslations(
  {
    create: 'New',
    update: 'Change',
    unchanged: 'Unchanged',
    disable: 'Disable',
    pause: 'Pause',
    resume: 'Resume',
    run: 'Run now',
    delete: 'Delete',
  },
  {
    create: 'Baru',
    update: 'Ubah',
    unchanged: 'Tetap',
    disable: 'Nonaktifkan',
    pause: 'Jeda',
    resume: 'Lanjutkan',
    run: 'Jalankan sekarang',
    delete: 'Hapus',
  },
);

const LOOKS: Record<Change, { tone: Tone; icon: LucideIcon }> = {
  create: { tone: 'ok', icon: Plus },
  update: { tone: 'retry', icon: PencilLine },
  unchanged: { tone: 'neutral', icon: Equal },
  disable: { tone: 'retry', icon: PowerOff },
  pause: { tone: 'retry', icon: CirclePause },
  resume: { tone: 'ok', icon: CirclePlay },
  run: { tone: 'run', icon: Zap },
  delete: { tone: 'fail', icon: Trash2 },
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
