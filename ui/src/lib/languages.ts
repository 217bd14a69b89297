export type Lang = 'id' | 'en';
export const LANGS: readonly Lang[] = ['id', 'en'];
export const LANG_COOKIE = 'mj_lang';

export function isLang(text: unknown): text is Lang {
  return text === 'id' || text === 'en';
}

type Entry = string | ((...values: never[]) => string);
/** Texts by name; those of another language have the same names. */
export type Same<T> = { [K in keyof T]: T[K] extends string ? string : T[K] };
export type Translations<T> = Record<Lang, Same<T>>;

/** The texts of one feature in both languages; a missing Indonesian text is a type error. */
export function defineTranslations<T extends Record<string, Entry>>(en: T, id: NoInfer<Same<T>>): Translations<T> {
  return { en: en as unknown as Same<T>, id };
}
