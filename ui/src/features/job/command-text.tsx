'use client';

import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/lib/cn';

/** A text of the API with its commands: text in backticks gets a copy button. */
export function CommandText({ text, className }: { text: string; className?: string }) {
  return (
    <span className={cn('break-words', className)}>
      {text.split('`').map((part, at) =>
        at % 2 === 0 ? (
          part
        ) : (
          <span key={at} className="whitespace-nowrap">
            <code className="rounded-[4px] border bg-raised px-1 font-mono text-xs [overflow-wrap:anywhere] whitespace-normal text-text">{part}</code>
            <CopyButton text={part} />
          </span>
        ),
      )}
    </span>
  );
}
