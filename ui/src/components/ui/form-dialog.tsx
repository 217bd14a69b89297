'use client';

import { useId, type ReactNode } from 'react';
import { useTranslations } from '@/lib/i18n';
import { Button } from './button';
import { closeTranslations, Dialog } from './dialog';

type Props = {
  title: ReactNode;
  description?: ReactNode;
  /** The label of the submit button. */
  submit: ReactNode;
  danger?: boolean;
  pending: boolean;
  disabled?: boolean;
  onSubmit: () => void;
  onClose: () => void;
  children: ReactNode;
};

/** A dialog with a form: its fields, a button that closes it and one that submits it. */
export function FormDialog({ title, description, submit, danger, pending, disabled, onSubmit, onClose, children }: Props) {
  const t = useTranslations(closeTranslations);
  const id = useId();
  return (
    <Dialog
      onClose={onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={onClose}>{t.close}</Button>
          <Button type="submit" form={id} variant={danger ? 'danger' : 'primary'} pending={pending} disabled={disabled}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        method="post"
        className="grid gap-3 text-sm"
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}
