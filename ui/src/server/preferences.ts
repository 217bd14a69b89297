import 'server-only';
import { cookies, headers } from 'next/headers';
import { TIMES_COOKIE, type Times } from '@/lib/time/times-cookie';
import { LANG_COOKIE, isLang, type Lang } from '@/lib/languages';

/** The language that was chosen, else the first that the browser asks for and we have. */
export async function preferredLang(): Promise<Lang> {
  const chosen = (await cookies()).get(LANG_COOKIE)?.value;
  if (isLang(chosen)) return chosen;
  const acceptLanguage = (await headers()).get('accept-language') ?? '';
  const candidates = acceptLanguage
    .split(',')
    .map((part) => part.trim().slice(0, 2).toLowerCase())
    .map((code) => (code === 'in' || code === 'ms' ? 'id' : code));
  return candidates.find(isLang) ?? 'en';
}

/** How this browser shows times in lists. */
export async function preferredTimes(): Promise<Times> {
  return (await cookies()).get(TIMES_COOKIE)?.value === 'exact' ? 'exact' : 'relative';
}

/** The moment of this render, in epoch milliseconds: relative times are drawn against it. */
export function renderTimeMs(): number {
  return Date.now();
}
