'use client';

import { Confirm } from '@/components/ui/confirm';
import type { Schemas } from '@/lib/api';
import { useWords } from '@/lib/i18n';
import { noticeWords } from './notice-words';

type Props = { pause: Schemas['PausedScope']; pending: boolean; onConfirm: () => void; onClose: () => void };

/** Asks before a pause ends that holds more than this job. */
export function ResumeConfirm({ pause, pending, onConfirm, onClose }: Props) {
  const t = useWords(noticeWords);
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={pause.scope === 'all' ? t.resumeAll : t.resumeType(pause.name ?? '')}
      action={t.resume}
      pending={pending}
      onConfirm={onConfirm}
    >
      <p>{t.resumeText}</p>
    </Confirm>
  );
}
