'use client';

import { Link } from '@/components/ui/link';
import type { ReactNode } from 'react';
import { RelativeTime } from '@/components/time';
import { useLang, useTranslations } from '@/lib/i18n';
import { Can } from '@/lib/session';
import { formatDuration } from '@/lib/time';
import { shownUser } from './accounts';
import { JobLinks } from './job-links';
import { planHref } from './plan-href';
import type { Account, Availability } from './queries';
import { translations } from './translations';

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-text-3">{label}</dt>
      <dd className="truncate">{children}</dd>
    </div>
  );
}

export function AccountFacts({ account, history }: { account: Account; history: Availability | undefined }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const { health } = account;
  const chats = account.allow_chats;
  const isSandbox = account.channel === 'sandbox';
  const takesCommands = account.commands || chats.length > 0;
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-2.5 sm:grid-cols-3">
      <Fact label={t.checked}>{health ? <RelativeTime at={health.checked_at} /> : t.never}</Fact>
      <Fact label={t.latency}>
        {health?.latency_ms === null || health === null ? '–' : formatDuration(health.latency_ms, lang)}
      </Fact>
      <Fact label={t.defaultTo}>
        {account.default_to === null ? (
          <span className="text-text-3">{t.nobody}</span>
        ) : (
          <code className="font-mono text-xs" title={account.default_to}>
            {account.default_to}
          </code>
        )}
      </Fact>
      {takesCommands && <Fact label={t.commands}>{account.commands ? t.commandsOn : t.commandsOff}</Fact>}
      {takesCommands && (
        <Fact label={t.allowed}>
          {chats.length === 0 ? (
            <span className="text-text-3">{t.nobody}</span>
          ) : (
            <code className="font-mono text-xs" title={chats.join(', ')}>
              {chats[0]}
              {chats.length > 1 && ` +${chats.length - 1}`}
            </code>
          )}
        </Fact>
      )}
      {takesCommands && account.chat_users && (
        <Fact label={t.groupUsers}>
          {account.chat_users.length === 0 ? (
            <span className="text-text-3">{t.groupUsersNone}</span>
          ) : (
            <span title={account.chat_users.map(shownUser).join(', ')}>
              {account.chat_users[0] && shownUser(account.chat_users[0])}
              {account.chat_users.length > 1 && ` +${account.chat_users.length - 1}`}
            </span>
          )}
        </Fact>
      )}
      {(!isSandbox || (history && history.job_ids.length > 0)) && (
        <Fact label={t.watched}>
          {history === undefined || history.job_ids.length > 0 ? (
            <JobLinks jobIds={history?.job_ids ?? []} />
          ) : (
            <NotMonitored account={account} />
          )}
        </Fact>
      )}
    </dl>
  );
}

function NotMonitored({ account }: { account: Account }) {
  const t = useTranslations(translations);
  const lang = useLang();
  return (
    <span className="text-text-3">
      {t.unwatched}
      <Can role="operator">
        {' · '}
        <Link href={planHref(account.channel, account.account_id, lang)} className="text-text underline underline-offset-2">
          {t.planMonitor}
        </Link>
      </Can>
    </span>
  );
}
