'use client';

import type { ReactNode } from 'react';
import { Badge } from '@/components/ui/badge';
import { Command } from '@/components/ui/states';
import { UnknownBadge } from '@/components/unknown-badge';
import type { Schemas } from '@/lib/api/client';
import { useLang, useTranslations } from '@/lib/i18n';
import { useStaleSince } from '@/lib/live/provider';
import { formatDuration } from '@/lib/time';
import { ACCOUNT_STATES, type AccountState } from './accounts';
import { reasonTranslations, refusalTranslations } from './reasons';
import { translations } from './translations';

export function AccountBadge({ state }: { state: AccountState }) {
  const lang = useLang();
  const look = ACCOUNT_STATES[state];
  const unknownSince = useStaleSince();
  if (unknownSince !== null && look.tone === 'ok') return <UnknownBadge since={unknownSince} />;
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.label[lang]}
    </Badge>
  );
}

/** A remedy for a failure reason; null if only its detail is known. */
export function useHint(channel: string, reason: string | null): string | null {
  const refused = useTranslations(refusalTranslations);
  const reasons = useTranslations(reasonTranslations);
  if (reason === null) return null;
  if (reason === 'channel_rejected' && channel in refused) return refused[channel as keyof typeof refused];
  return reason in reasons ? reasons[reason as keyof typeof reasons] : null;
}

/** The problem of an account and its remedy; nothing if the account works. */
export function CheckTrouble({ channel, check }: { channel: string; check: Schemas['CheckBody'] }) {
  const t = useTranslations(translations);
  const hint = useHint(channel, check.reason);
  if (check.state === 'up' || (!check.detail && !hint)) return null;
  return (
    <div className="grid gap-1 text-xs">
      {check.detail && <p className="break-words text-text first-letter:uppercase">{check.detail}</p>}
      {hint && <p className="text-text-2">{hint}</p>}
      {check.command && (
        <p className="flex flex-wrap items-center gap-x-1.5 text-text-2">
          {t.byCommand} <Command text={check.command} />
        </p>
      )}
    </div>
  );
}

/** The result of a check: state, latency, and problem. */
export function CheckResult({ channel, check, lead }: { channel: string; check: Schemas['CheckBody']; lead?: ReactNode }) {
  const lang = useLang();
  return (
    <div role="status" className="grid gap-2">
      <p className="flex flex-wrap items-center gap-2 text-xs text-text-2">
        {lead}
        <AccountBadge state={check.state} />
        {check.latency_ms !== null && <span>{formatDuration(check.latency_ms, lang)}</span>}
      </p>
      <CheckTrouble channel={channel} check={check} />
    </div>
  );
}
