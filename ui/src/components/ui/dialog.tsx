'use client';

import { Dialog as Primitive } from 'radix-ui';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { defineTranslations, useTranslations } from '@/lib/i18n';

export const closeTranslations = defineTranslations({ close: 'Close' }, { close: 'Tutup' });

type Props = {
  onClose: () => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  /** The footer, with the primary action last. */
  footer?: ReactNode;
  /** center: over the page · side: a sheet at the left edge, full height. */
  placement?: 'center' | 'side';
  className?: string;
};

const PLACEMENTS = {
  center:
    'top-[12vh] left-1/2 max-h-[76vh] w-[min(560px,calc(100vw-32px))] -translate-x-1/2 rounded-card border',
  side: 'top-0 left-0 h-dvh w-[min(280px,85vw)] border-r',
};

export function Dialog({ onClose, title, description, children, footer, placement = 'center', className }: Props) {
  const t = useTranslations(closeTranslations);
  return (
    <Primitive.Root open onOpenChange={(open) => !open && onClose()}>
      <Primitive.Portal>
        <Primitive.Overlay className="fixed inset-0 z-40 bg-overlay" />
        <Primitive.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cn('fixed z-50 flex flex-col overflow-hidden bg-surface', PLACEMENTS[placement], className)}
        >
          <div className="flex items-start gap-3 border-b px-4 py-3">
            <div className="min-w-0">
              <Primitive.Title className="text-sm font-semibold">{title}</Primitive.Title>
              {description && (
                <Primitive.Description className="text-xs text-text-2">{description}</Primitive.Description>
              )}
            </div>
            <Primitive.Close
              aria-label={t.close}
              className="ml-auto rounded-control p-1 text-text-3 hover:bg-hover hover:text-text"
            >
              <X aria-hidden className="size-4" />
            </Primitive.Close>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto p-4">{children}</div>
          {footer && <div className="flex flex-wrap justify-end gap-2 border-t px-4 py-3">{footer}</div>}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
