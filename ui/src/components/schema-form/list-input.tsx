'use client';

import { X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { cn } from '@/lib/cn';
import { defineTranslations, useTranslations } from '@/lib/i18n';

const translations = defineTranslations(
  { remove: (name: string) => `Remove ${name}`, add: 'Type and press Enter' },
  { remove: (name: string) => `Hapus ${name}`, add: 'Ketik lalu tekan Enter' },
);

/** Whether a suggestion was chosen: the text changes without a key press. */
function isPicked(event: Event): boolean {
  const how = 'inputType' in event ? event.inputType : undefined;
  return how === undefined || how === 'insertReplacementText';
}

type Props = {
  id?: string;
  value: readonly string[];
  onValue: (value: string[]) => void;
  suggestions?: readonly string[];
  /** Called with the typed text, to load suggestions. */
  onText?: (text: string) => void;
  placeholder?: string;
  disabled?: boolean;
  mono?: boolean;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
};

/** A list of words: Enter or a comma adds one, Backspace in the empty box takes the last one out. */
export function ListInput({ id, value, onValue, suggestions, onText, placeholder, disabled, mono, ...aria }: Props) {
  const t = useTranslations(translations);
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const open = suggestions?.filter((each) => !value.includes(each));
  const add = (typed: string) => {
    const names = typed.split(',').flatMap((each) => each.trim() || []);
    setText('');
    onText?.('');
    const next = [...new Set([...value, ...names])];
    if (next.length !== value.length) onValue(next);
  };
  const remove = (at: number) => {
    onValue(value.filter((_, index) => index !== at));
    input.current?.focus();
  };
  return (
    <div
      onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
      className={cn(
        'flex min-h-7 w-full min-w-0 flex-wrap items-center gap-1 rounded-control border border-border bg-surface px-1 py-0.5 text-sm focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-focus hover:border-border-strong',
        aria['aria-invalid'] && 'border-tone tone-fail',
        disabled && 'opacity-60',
      )}
    >
      {value.map((name, at) => (
        <span
          key={`${name}/${at}`}
          className={cn(
            'inline-flex h-5 min-w-0 items-center gap-0.5 rounded-badge bg-raised pl-1.5 text-xs text-text',
            mono && 'font-mono',
          )}
        >
          <span className="truncate">{name}</span>
          <button
            type="button"
            disabled={disabled}
            aria-label={t.remove(name)}
            onClick={() => remove(at)}
            className="grid size-5 place-items-center rounded-badge text-text-3 hover:text-text"
          >
            <X aria-hidden className="size-3" />
          </button>
        </span>
      ))}
      <input
        ref={input}
        id={id}
        {...aria}
        list={open ? list : undefined}
        value={text}
        disabled={disabled}
        autoComplete="off"
        spellCheck={false}
        placeholder={value.length === 0 ? (placeholder ?? t.add) : undefined}
        onChange={(event) => {
          const typed = event.target.value;
          if (typed.includes(',') || (isPicked(event.nativeEvent) && open?.includes(typed))) add(typed);
          else {
            setText(typed);
            onText?.(typed);
          }
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            add(text);
          } else if (event.key === 'Backspace' && text === '' && value.length > 0) {
            remove(value.length - 1);
          }
        }}
        onBlur={() => add(text)}
        className="h-5 min-w-24 flex-1 bg-transparent px-1.5 text-sm placeholder:text-text-3 focus-visible:outline-none"
      />
      {open && (
        <datalist id={list}>
          {open.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </div>
  );
}
