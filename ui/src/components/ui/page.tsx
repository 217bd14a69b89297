import type { ReactNode } from 'react';

/** A page: title, note, actions, content. */
export function Page({
  title,
  lead,
  note,
  actions,
  children,
}: {
  title: ReactNode;
  /** Before the title, such as a state. */
  lead?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <div className="grid gap-4">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        {lead}
        <h1 className="min-w-0 text-title font-semibold tracking-tight break-words">{title}</h1>
        {note && <div className="min-w-0 text-xs text-text-3">{note}</div>}
        {actions && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
      {children}
    </div>
  );
}
