'use client';

import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import type { Schemas } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { noticeTranslations } from '../notice-translations';

type Props = { pause: Schemas['PausedScope']; pending: boolean; onConfirm: () => void; onClose: () => void };

/** Asks before the pause of a type or a queue is ended, because it holds other jobs too. */
export function ResumeDialog({ pause, pending, onConfirm, onClose }: Props) {
  const t = useTranslations(noticeTranslations);
  return (
    <ConfirmDialog
      onClose={onClose}
      title={pause.scope === 'queue' ? t.resumeQueue(pause.name ?? '') : t.resumeType(pause.name ?? '')}
      action={t.resume}
      pending={pending}
      onConfirm={onConfirm}
    >
      <p>{t.resumeText}</p>
    </ConfirmDialog>
  );
}
