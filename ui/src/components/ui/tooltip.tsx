'use client';

import { useRef, useState, type ReactNode } from 'react';
import { cn } from '@/lib/cn';

type Props = { content: () => ReactNode; children: ReactNode; className?: string };

/** Additional text on hover; never the only place of important text. */
export function Tooltip({ content, children, className }: Props) {
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
  return (
    <span
      ref={anchor}
      className={className}
      onPointerEnter={(event) => event.pointerType === 'mouse' && setOpen(true)}
      onPointerLeave={() => setOpen(false)}
    >
      {children}
      {isOpen && (
        <span
          ref={show}
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
