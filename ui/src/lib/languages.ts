export type Lang = 'id' | 'en';
export const LANGS: readonly Lang[] = ['id', 'en'];
export const LANG_COOKIE = 'mj_lang';

export function isLang(text: unknown): text is Lang {
  return text === 'id' || text === 'en';
}
