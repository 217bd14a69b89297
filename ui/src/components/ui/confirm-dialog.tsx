'use client';

import { useState, type ReactNode } from 'react';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { Button } from './button';
import { closeTranslations, Dialog } from './dialog';
import { Field, Input } from './field';

const translations = defineTranslations(
  { type: (word: string) => `Type “${word}” to confirm` },
  { type: (word: string) => `Ketik “${word}” untuk memastikan` },
);

type Props = {
  onClose: () => void;
  title: ReactNode;
  /** The effect of the action, with counts. */
  children?: ReactNode;
  /** The label of the confirm button, such as "Cancel 3 runs". */
  action: string;
  danger?: boolean;
  /** A word that the user must type first, if the action cannot be undone. */
  typed?: string;
  pending?: boolean;
  /** No item is left. */
  isDisabled?: boolean;
  onConfirm: () => void;
};

/** Asks before something is done. */
export function ConfirmDialog({ onClose, title, children, action, danger, typed, pending, isDisabled, onConfirm }: Props) {
  const t = useTranslations(translations);
  const { close } = useTranslations(closeTranslations);
  const [text, setText] = useState('');
  const isBlocked = typed !== undefined && text !== typed;
  return (
    <Dialog
      onClose={onClose}
      title={title}
      footer={
        <>
          <Button onClick={onClose}>{close}</Button>
          <Button variant={danger ? 'danger' : 'primary'} pending={pending} disabled={isBlocked || isDisabled} onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      <div className="grid gap-3 text-sm text-text-2">
        {children}
        {typed !== undefined && (
          <Field label={t.type(typed)}>
            {(ids) => (
              <Input {...ids} value={text} autoComplete="off" onChange={(event) => setText(event.target.value)} />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}
