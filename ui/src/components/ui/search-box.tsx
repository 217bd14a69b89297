'use client';

import { Search, X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Kbd } from '@/components/ui/kbd';
import { useHotkey } from '@/lib/hotkeys';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { Input } from './field';

const translations = defineTranslations(
  { focus: 'Search in this list', clear: 'Clear the search' },
  { focus: 'Cari di daftar ini', clear: 'Hapus pencarian' },
);
const DEBOUNCE_MS = 250;

type Props = { value: string; onChange: (value: string) => void; placeholder: string; className?: string };

/** The search field of a list: `/` focuses it, Esc leaves it. It reports the text after a pause in typing. */
export function SearchBox({ value, onChange, placeholder, className }: Props) {
  const t = useTranslations(translations);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [reported, setReported] = useState(value);
  // Back, forward and "clear filters" change the value from outside.
  if (value !== reported) {
    setReported(value);
    setText(value);
  }
  useHotkey('/', t.focus, () => input.current?.focus());
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => {
      setReported(text);
      onChange(text);
    }, DEBOUNCE_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <div className={`relative ${className ?? 'w-full lg:w-64'}`}>
      <Search aria-hidden className="pointer-events-none absolute top-1.5 left-2 size-4 text-text-3" />
      <Input
        ref={input}
        type="search"
        role="searchbox"
        aria-label={placeholder}
        placeholder={placeholder}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
        className="pr-7 pl-7 [&::-webkit-search-cancel-button]:hidden"
      />
      {text ? (
        <button
          type="button"
          aria-label={t.clear}
          onClick={() => {
            setText('');
            input.current?.focus();
          }}
          className="absolute top-1 right-1 grid size-5 place-items-center rounded-[4px] text-text-3 hover:bg-hover hover:text-text"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      ) : (
        <span className="pointer-events-none absolute top-1 right-1.5">
          <Kbd>/</Kbd>
        </span>
      )}
    </div>
  );
}
