'use client';

import { Check, Copy } from 'lucide-react';
import { useState } from 'react';
import { defineTranslations, useTranslations } from '@/lib/i18n';

const translations = defineTranslations({ copy: 'Copy', copied: 'Copied' }, { copy: 'Salin', copied: 'Tersalin' });
const SHOWN_MS = 1_500;

/** A button that copies a text and confirms it. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const t = useTranslations(translations);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return (
    <button
      type="button"
      onClick={() => void copy()}
      aria-label={isCopied ? t.copied : (label ?? t.copy)}
      title={isCopied ? t.copied : (label ?? t.copy)}
      className="relative z-10 inline-grid size-5 place-items-center rounded-[4px] text-text-3 hover:bg-hover hover:text-text"
    >
      {isCopied ? <Check aria-hidden className="size-3" /> : <Copy aria-hidden className="size-3" />}
    </button>
  );
}
