'use client';

import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Dialog } from '@/components/ui/dialog';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import type { BulkState } from './use-bulk-action';

const translations = defineTranslations(
  {
    progress: (done: string, total: string) => `${done} of ${total}`,
    partly: (succeeded: string, rejected: string) => `${succeeded} done, ${rejected} refused`,
    rejected: 'Refused',
    close: 'Close',
  },
  {
    progress: (done: string, total: string) => `${done} dari ${total}`,
    partly: (succeeded: string, rejected: string) => `${succeeded} berhasil, ${rejected} ditolak`,
    rejected: 'Ditolak',
    close: 'Tutup',
  },
);

type Props = {
  state: BulkState<unknown>;
  title: string;
  action: string;
  danger?: boolean;
  children: ReactNode;
  onStart: () => void;
  onClose: () => void;
};

/** Asks before a bulk action (`title`, `action`, `children`), shows its progress, then the rejected items by id. */
export function BulkActionDialog({ state, title, action, danger, children, onStart, onClose }: Props) {
  const t = useTranslations(translations);
  const lang = useLang();
  if (state.step === 'rejected') {
    const count = (n: number) => formatNumber(n, lang);
    return (
      <Dialog
        onClose={onClose}
        title={t.partly(count(state.succeeded), count(state.rejections.length))}
        footer={<Button onClick={onClose}>{t.close}</Button>}
      >
        <ul aria-label={t.rejected} className="grid gap-2">
          {state.rejections.map(({ id, problem }) => (
            <li key={id} className="grid gap-0.5">
              <code className="font-mono text-xs break-all">{id}</code>
              <span className="text-sm text-text-2">{problem.detail}</span>
            </li>
          ))}
        </ul>
      </Dialog>
    );
  }
  const isWorking = state.step === 'working';
  return (
    <ConfirmDialog
      onClose={() => !isWorking && onClose()}
      title={title}
      danger={danger}
      pending={isWorking}
      action={isWorking ? t.progress(formatNumber(state.done, lang), formatNumber(state.total, lang)) : action}
      onConfirm={onStart}
    >
      {children}
    </ConfirmDialog>
  );
}
