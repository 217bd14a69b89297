import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { cn } from '@/lib/cn';
import { TONE_CLASS, type Tone } from '@/lib/run-states';

type Props = ComponentProps<'span'> & { tone?: Tone; icon?: LucideIcon };

/** A word in the colour of a state, with its icon: never colour alone. */
export function Badge({ tone = 'neutral', icon: Icon, children, className, ...rest }: Props) {
  return (
    <span
      {...rest}
      className={cn(
        'inline-flex h-5 w-fit items-center gap-1 rounded-badge bg-tone-bg px-1.5 text-xs font-medium whitespace-nowrap text-tone-text',
        TONE_CLASS[tone],
        className,
      )}
    >
      {Icon && <Icon aria-hidden className="size-3 shrink-0 text-tone" strokeWidth={2.5} />}
      {children}
    </span>
  );
}
