import { Link } from '@/components/ui/link';
import type { ComponentProps, ReactNode } from 'react';
import { cn } from '@/lib/cn';
import { Spinner } from './spinner';

type Look = {
  /** primary: the main action of a page · danger: ends or removes something · ghost: in rows. */
  variant?: 'default' | 'primary' | 'danger' | 'ghost';
  size?: 'control' | 'small' | 'icon';
  children?: ReactNode;
};

const BASE =
  'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-control border text-sm font-medium whitespace-nowrap transition-colors duration-[120ms] select-none disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:opacity-50';
const VARIANTS = {
  default: 'border-border bg-surface text-text hover:bg-hover',
  primary: 'border-ink bg-ink text-on-ink hover:opacity-90',
  danger: 'border-border bg-surface text-tone-text hover:bg-tone-bg tone-fail',
  ghost: 'border-transparent text-text-2 hover:bg-hover hover:text-text',
};
const SIZES = { control: 'h-7 px-2.5', small: 'h-6 px-2 text-xs', icon: 'size-7' };

export function buttonClass({ variant = 'default', size = 'control' }: Look, className?: string): string {
  return cn(BASE, VARIANTS[variant], SIZES[size], className);
}

type ButtonProps = Look & ComponentProps<'button'> & { pending?: boolean };

export function Button({ variant, size, pending, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled || pending}
      aria-busy={pending || undefined}
      className={buttonClass({ variant, size }, className)}
    >
      {pending && <Spinner />}
      {children}
    </button>
  );
}

/** A link that looks like a button. */
export function ButtonLink({ variant, size, className, ...rest }: Look & ComponentProps<typeof Link>) {
  return <Link {...rest} className={buttonClass({ variant, size }, className)} />;
}
