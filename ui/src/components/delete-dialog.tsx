'use client';

import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { FormError } from '@/components/ui/form-error';
import { useAction } from '@/lib/api/use-action';

type Props = {
  title: string;
  action: string;
  /** A text that the user must type first. */
  typed?: string;
  request: () => Promise<unknown>;
  queryKey: QueryKey;
  onClose: () => void;
  children: ReactNode;
};

/** Asks, sends `request`, then refetches `queryKey` and closes; shows why the API refuses. */
export function DeleteDialog({ request, queryKey, onClose, children, ...rest }: Props) {
  const client = useQueryClient();
  const remove = useAction({
    quiet: true,
    run: request,
    onSuccess: () => {
      void client.invalidateQueries({ queryKey });
      onClose();
    },
  });
  return (
    <ConfirmDialog {...rest} danger onClose={onClose} pending={remove.isPending} onConfirm={() => remove.mutate()}>
      {children}
      <FormError error={remove.error} />
    </ConfirmDialog>
  );
}
