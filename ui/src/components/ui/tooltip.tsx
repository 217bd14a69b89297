'use client';

import { useId, useRef, useState, type ReactNode } from 'react';
import { cn } from '@/lib/cn';

type Props = {
  content: () => ReactNode;
  children: ReactNode;
  className?: string;
  /** It is inside of a button or link, which has the focus. */
  isInControl?: boolean;
  /** False: a tap shows it, the Tab key passes over it. */
  isTabStop?: boolean;
};

/** Additional text on hover and focus, and so on a tap; never the only place of important text. */
export function Tooltip({ content, children, className, isInControl = false, isTabStop = true }: Props) {
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const anchor = useRef<HTMLSpanElement>(null);
  const show = (panel: HTMLSpanElement | null) => {
    const rect = anchor.current?.getBoundingClientRect();
    if (!panel || !rect) return;
    panel.showPopover();
    const left = rect.left + rect.width / 2 - panel.offsetWidth / 2;
    const above = rect.top - panel.offsetHeight - 6;
    panel.style.left = `${Math.max(8, Math.min(left, window.innerWidth - panel.offsetWidth - 8))}px`;
    panel.style.top = `${above > 8 ? above : rect.bottom + 6}px`;
  };
  const focus = isInControl
    ? {}
    : {
        tabIndex: isTabStop ? 0 : -1,
        onFocus: () => setOpen(true),
        onBlur: () => setOpen(false),
        onKeyDown: (event: React.KeyboardEvent) => event.key === 'Escape' && setOpen(false),
      };
  return (
    // Above the link that covers a row of a table.
    <span
      ref={anchor}
      {...focus}
      aria-describedby={isOpen ? id : undefined}
      className={cn('relative rounded-[2px]', !isInControl && 'z-10 focus-visible:outline-2 focus-visible:outline-focus', className)}
      onPointerEnter={(event) => event.pointerType === 'mouse' && setOpen(true)}
      onPointerLeave={(event) => event.pointerType === 'mouse' && setOpen(false)}
    >
      {children}
      {isOpen && (
        <span
          ref={show}
          id={id}
          popover="manual"
          role="tooltip"
          className={cn('pointer-events-none fixed m-0 rounded-control border bg-raised px-2 py-1 text-xs text-text')}
        >
          {content()}
        </span>
      )}
    </span>
  );
}
