import type { Lang } from '@/lib/i18n';

/** The page that plans, with the sentence that asks for a monitor of an account. */
export function planHref(channel: string, accountId: string, lang: Lang): string {
  const sentence =
    lang === 'id'
      ? `Pantau akun ${channel} ${accountId} setiap 1 menit`
      : `Monitor ${channel} account ${accountId} every minute`;
  return `/plan?prompt=${encodeURIComponent(sentence)}`;
}
