import 'server-only';
import type { Metadata } from 'next';
import { navTranslations, type NavWord } from '@/components/shell/nav';
import { preferredLang } from './preferences';

/** Returns the title of a page in the reader's language: its name in the navigation, after the shown record's id. */
export function titleOf(word: NavWord, id?: string): () => Promise<Metadata> {
  return async () => {
    const name = navTranslations[await preferredLang()][word];
    return { title: id ? `${id} · ${name}` : name };
  };
}
