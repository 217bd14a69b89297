import type { Lang } from '@/lib/i18n';

/** The URL of the plan page with a prompt for a monitor of the account. */
export function planHref(channel: string, accountId: string, lang: Lang): string {
  const sentence =
    lang === 'id'
      ? `Pantau akun ${channel} ${accountId} setiap 1 menit`
      : `Monitor ${channel} account ${accountId} every minute`;
  return `/plan?prompt=${encodeURIComponent(sentence)}`;
}
