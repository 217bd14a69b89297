'use client';

import { useId, useRef, useState, type ComponentProps, type ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { buttonClass } from './button';

type Props = {
  /** The content of the button. */
  trigger: ReactNode;
  label: string;
  align?: 'start' | 'end';
  triggerClassName?: string;
  className?: string;
  children: ReactNode;
};

/**
 * A button with a popover. It is the platform's popover, so Esc, a click outside and the top layer are handled by the
 * browser.
 */
export function Popover({ trigger, label, align = 'end', triggerClassName, className, children }: Props) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const place = (panel: HTMLElement) => {
    const rect = button.current?.getBoundingClientRect();
    if (!rect) return;
    const width = panel.offsetWidth;
    const left = align === 'end' ? rect.right - width : rect.left;
    const below = rect.bottom + 4;
    const fits = below + panel.offsetHeight <= window.innerHeight;
    panel.style.left = `${Math.max(8, Math.min(left, window.innerWidth - width - 8))}px`;
    panel.style.top = `${fits ? below : Math.max(8, rect.top - panel.offsetHeight - 4)}px`;
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        popoverTarget={id}
        aria-label={label}
        title={label}
        className={triggerClassName ?? buttonClass({ variant: 'ghost', size: 'icon' })}
      >
        {trigger}
      </button>
      <div
        id={id}
        popover="auto"
        onBeforeToggle={(event) => setOpen(event.newState === 'open')}
        onToggle={(event) => {
          if (event.newState === 'open') place(event.currentTarget);
        }}
        className={cn('fixed m-0 min-w-40 rounded-card border bg-surface p-1', className)}
      >
        {isOpen && children}
      </div>
    </>
  );
}

/** A menu item; choosing it closes the popover. */
export function PopoverItem({ className, onClick, ...rest }: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      {...rest}
      onClick={(event) => {
        event.currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
        onClick?.(event);
      }}
      className={cn(
        'flex w-full items-center gap-2 rounded-control px-2 py-1 text-left text-sm hover:bg-hover disabled:opacity-50',
        className,
      )}
    />
  );
}
