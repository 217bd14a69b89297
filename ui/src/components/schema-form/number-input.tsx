'use client';

import { useState, type ComponentProps } from 'react';
import { Input } from '@/components/ui/field';
import { parseNumber, type Json } from './schema';

type Props = Omit<ComponentProps<'input'>, 'value' | 'onChange' | 'type'> & {
  value: Json | undefined;
  /** A number; the text itself if it is not a number (the API refuses it); undefined if empty. */
  onValue: (value: number | string | undefined) => void;
  whole?: boolean;
};

function show(value: Json | undefined): string {
  return value === undefined || value === null ? '' : String(value);
}

/** A number as a text input: no spinner, no change by the wheel, and incomplete numbers stay as typed. */
export function NumberInput({ value, onValue, whole, ...rest }: Props) {
  const [text, setText] = useState(show(value));
  const [reported, setReported] = useState(value);
  if (value !== reported) {
    setReported(value);
    if (parseNumber(text) !== value) setText(show(value));
  }
  return (
    <Input
      autoComplete="off"
      {...rest}
      inputMode={whole ? 'numeric' : 'decimal'}
      value={text}
      onChange={(event) => {
        const next = parseNumber(event.target.value);
        setText(event.target.value);
        setReported(next);
        onValue(next);
      }}
    />
  );
}
