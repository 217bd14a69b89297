'use client';

import type { Json } from '@/components/schema-form';
import { Field, Input } from '@/components/ui/field';
import { fromWallClock, toWallClock } from './zoned-time';

type Props = {
  label: string;
  hint?: string;
  error?: string;
  value: Json | undefined;
  zone: string;
  onValue: (value: string | undefined) => void;
};

/** A date and time in a zone; the spec gets it with the zone's offset. */
export function DateTimeField({ label, hint, error, value, zone, onValue }: Props) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(ids) => (
        <Input
          {...ids}
          type="datetime-local"
          step={1}
          value={typeof value === 'string' ? toWallClock(value, zone) : ''}
          onChange={(event) => onValue(fromWallClock(event.target.value, zone) ?? undefined)}
        />
      )}
    </Field>
  );
}
