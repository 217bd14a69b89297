'use client';

import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';

import { LANG_COOKIE, type Lang, type Same, type Translations } from './languages';

export { defineTranslations, type Lang, type Translations } from './languages';

type Language = { lang: Lang; setLang: (lang: Lang) => void };
const LanguageContext = createContext<Language>({ lang: 'id', setLang: () => {} });

type LanguageProviderProps = {
  initial: Lang;
  /** Called after a switch: texts of the API that are on the page are in the earlier language. */
  onSwitch?: () => void;
  children: ReactNode;
};

export function LanguageProvider({ initial, onSwitch, children }: LanguageProviderProps) {
  const [lang, setState] = useState(initial);
  const value = useMemo(
    () => ({
      lang,
      setLang: (next: Lang) => {
        document.cookie = `${LANG_COOKIE}=${next}; path=/; max-age=31536000; samesite=strict`;
        document.documentElement.lang = next;
        setState(next);
        if (next !== lang) onSwitch?.();
      },
    }),
    [lang, onSwitch],
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
