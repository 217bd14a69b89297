import { useId, type ComponentProps, type ReactNode } from 'react';
import { cn } from '@/lib/cn';

const CONTROL =
  'w-full min-w-0 rounded-control border border-border bg-surface px-2.5 text-sm text-text placeholder:text-text-3 hover:border-border-strong disabled:opacity-60 aria-invalid:border-tone aria-invalid:tone-fail';

export function Input({ className, ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={cn(CONTROL, 'h-7', className)} />;
}

export function Textarea({ className, ...rest }: ComponentProps<'textarea'>) {
  return <textarea {...rest} className={cn(CONTROL, 'min-h-20 py-1.5', className)} />;
}

/** The native select: it works with every keyboard and screen reader. */
export function Select({ className, ...rest }: ComponentProps<'select'>) {
  return <select {...rest} className={cn(CONTROL, 'h-7 pr-6', className)} />;
}

type OptionsProps<T> = { values: readonly T[]; label?: (value: T) => ReactNode };

/** The options of a select; `label` names a value. */
export function Options<T extends string | number>({ values, label = String }: OptionsProps<T>) {
  return values.map((value) => (
    <option key={value} value={value}>
      {label(value)}
    </option>
  ));
}

export function Checkbox({ className, ...rest }: Omit<ComponentProps<'input'>, 'type'>) {
  return <input type="checkbox" {...rest} className={cn('size-3.5 shrink-0 accent-ink', className)} />;
}

/** A switch; `label` names the setting. */
export function Switch({ label, className, ...rest }: Omit<ComponentProps<'input'>, 'type'> & { label: string }) {
  return (
    <input
      type="checkbox"
      role="switch"
      aria-label={label}
      {...rest}
      className={cn(
        'relative h-4 w-7 shrink-0 cursor-pointer appearance-none rounded-full border border-border-strong bg-raised transition-colors duration-[120ms] before:absolute before:top-px before:left-px before:size-3 before:rounded-full before:bg-border-strong before:transition-transform before:duration-[120ms] checked:border-ink checked:bg-ink checked:before:translate-x-3 checked:before:bg-on-ink disabled:opacity-50',
        className,
      )}
    />
  );
}

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  className?: string;
  /** Gets the ids that tie label, hint and error to the control. */
  children: (ids: { id: string; 'aria-describedby'?: string; 'aria-invalid'?: true }) => ReactNode;
};

/** A control with its label above it and its hint or error below. */
export function Field({ label, hint, error, className, children }: FieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={cn('grid min-w-0 content-start gap-1', className)}>
      <label htmlFor={id} className="text-xs font-medium text-text-2">
        {label}
      </label>
      {children({
        id,
        ...(note ? { 'aria-describedby': `${id}-note` } : {}),
        ...(error ? { 'aria-invalid': true as const } : {}),
      })}
      {note && (
        <p id={`${id}-note`} className={cn('text-xs', error ? 'text-tone-text tone-fail' : 'text-text-3')}>
          {note}
        </p>
      )}
    </div>
  );
}
