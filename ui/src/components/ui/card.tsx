import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/lib/cn';

/** A bordered section; `title` makes it a named section with a header, `aside` is on the right of the header. */
export function Card({
  title,
  aside,
  children,
  className,
  ...rest
}: Omit<ComponentProps<'section'>, 'title'> & { title?: ReactNode; aside?: ReactNode }) {
  return (
    <section {...rest} className={cn('min-w-0 rounded-card border bg-surface', className)}>
      {title !== undefined && (
        <div className="flex min-h-10 items-center gap-2 border-b px-3.5 py-1.5">
          <h2 className="text-sm font-semibold">{title}</h2>
          {aside !== undefined && (
            <div className="ml-auto flex min-w-0 items-center gap-2 text-xs text-text-3">{aside}</div>
          )}
        </div>
      )}
      {children}
    </section>
  );
}
