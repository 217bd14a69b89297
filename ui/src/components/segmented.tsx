'use client';

import { useId, type ReactNode } from 'react';
import { cn } from '@/lib/cn';

type Props<T extends string> = {
  label: string;
  options: readonly { value: T; label: ReactNode }[];
  value: T;
  onChange: (value: T) => void;
  disabled?: boolean;
  className?: string;
};

/** A segmented control: radio buttons in a row. */
export function Segmented<T extends string>({ label, options, value, onChange, disabled, className }: Props<T>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cn('inline-flex w-fit max-w-full flex-wrap rounded-control border bg-raised p-px', className)}
    >
      {options.map((option) => (
        <label
          key={option.value}
          className="relative rounded-[5px] border border-transparent text-text-2 transition-colors duration-[120ms] has-checked:border-border has-checked:bg-surface has-checked:text-text has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus has-enabled:hover:text-text"
        >
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={option.value === value}
            disabled={disabled}
            onChange={() => onChange(option.value)}
            className="absolute inset-0 size-full cursor-pointer appearance-none rounded-[5px] outline-none disabled:cursor-not-allowed"
          />
          <span className="flex h-6 items-center gap-1.5 px-2.5 text-sm font-medium whitespace-nowrap">{option.label}</span>
        </label>
      ))}
    </div>
  );
}
