'use client';

import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';

import { LANG_COOKIE, type Lang } from './languages';

export type { Lang } from './languages';

type Entry = string | ((...values: never[]) => string);
type Same<T> = { [K in keyof T]: T[K] extends string ? string : T[K] };
export type Translations<T> = Record<Lang, Same<T>>;

/** The texts of one feature in both languages; a missing Indonesian text is a type error. */
export function defineTranslations<T extends Record<string, Entry>>(en: T, id: NoInfer<Same<T>>): Translations<T> {
  return { en: en as unknown as Same<T>, id };
}

type Language = { lang: Lang; setLang: (lang: Lang) => void };
const LanguageContext = createContext<Language>({ lang: 'id', setLang: () => {} });

export function LanguageProvider({ initial, children }: { initial: Lang; children: ReactNode }) {
  const [lang, setState] = useState(initial);
  const value = useMemo(
    () => ({
      lang,
      setLang: (next: Lang) => {
        document.cookie = `${LANG_COOKIE}=${next}; path=/; max-age=31536000; samesite=strict`;
        document.documentElement.lang = next;
        setState(next);
      },
    }),
    [lang],
  );
  return <LanguageContext value={value}>{children}</LanguageContext>;
}

export function useLang(): Lang {
  return useContext(LanguageContext).lang;
}

export function useSetLang(): (lang: Lang) => void {
  return useContext(LanguageContext).setLang;
}

export function useTranslations<T>(translations: Translations<T>): Same<T> {
  return translations[useLang()];
}

/**
 * One language of a bilingual message of the API: "English. / Indonesia." A text that is not such a pair is returned
 * unchanged.
 */
export function inLanguage(text: string, lang: Lang): string {
  const parts = text.split(' / ');
  if (parts.length % 2 !== 0) return text;
  const half = parts.length / 2;
  return (lang === 'en' ? parts.slice(0, half) : parts.slice(half)).join(' / ');
}
