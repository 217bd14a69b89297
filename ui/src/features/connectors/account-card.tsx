'use client';

import { useQuery } from '@tanstack/react-query';
import { Ellipsis, FlaskConical, Hourglass, Pencil, Power, PowerOff, Trash2, Users, WandSparkles } from 'lucide-react';
import { AbsoluteTime } from '@/components/time';
import { Button, ButtonLink } from '@/components/ui/button';
import { Popover, PopoverItem } from '@/components/ui/popover';
import { Skeleton } from '@/components/ui/states';
import { useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Can } from '@/lib/session';
import { AccountFacts } from './account-facts';
import { accountState, isBuiltIn } from './accounts';
import { AvailabilityStrip } from './availability-strip';
import { AccountBadge, CheckResult, CheckTrouble } from './check-result';
import { Outages } from './outages';
import { availability, type Account } from './queries';
import { useSwitchAccount, useTestAccount } from './use-account-actions';
import { translations } from './translations';

export type AccountAction = 'edit' | 'users' | 'delete' | 'disable' | 'guide';
type Props = { account: Account; onAct: (act: AccountAction, account: Account) => void };

export function AccountCard({ account, onAct }: Props) {
  const t = useTranslations(translations);
  const test = useTestAccount();
  const history = useQuery(availability(account.channel, account.account_id));
  const isOurs = isBuiltIn(account);
  const { health } = account;
  // The result of this check stays until a later one is known.
  const answer = test.data && (!health || test.data.checked_at >= health.checked_at) ? test.data : undefined;
  return (
    <article aria-label={account.name} className="grid min-w-0 content-start gap-3 rounded-card border bg-surface p-3.5">
      <div className="flex min-h-7 flex-wrap items-center gap-x-2 gap-y-1.5">
        <AccountBadge state={accountState(account)} />
        <h3 className="min-w-0 truncate font-semibold" title={account.name}>
          {account.account_id}
        </h3>
        <div className="ml-auto flex flex-wrap items-center justify-end gap-1">
          {account.channel === 'sandbox' && (
            <ButtonLink href="/messages?tab=sandbox" variant="ghost">
              {t.inbox}
            </ButtonLink>
          )}
          <Can role="admin">
            <Button
              pending={test.isPending}
              onClick={() => test.mutate({ channel: account.channel, accountId: account.account_id })}
            >
              {!test.isPending && <FlaskConical aria-hidden className="size-3.5" />}
              {t.test}
            </Button>
            {!isOurs && <Menu account={account} onAct={onAct} />}
          </Can>
        </div>
      </div>
      <RateLimit until={account.rate_limited_until} />
      {answer ? (
        <CheckResult channel={account.channel} check={answer} lead={<span>{t.answered}:</span>} />
      ) : (
        account.enabled && health && <CheckTrouble channel={account.channel} check={health} />
      )}
      {history.data ? (
        <>
          {history.data.quarters.length > 0 && <AvailabilityStrip quarters={history.data.quarters} name={account.name} />}
          <Outages outages={history.data.outages} />
        </>
      ) : history.isError ? (
        <p className="flex h-10 items-center gap-2 text-xs text-text-2">
          {t.history}
          <Button size="small" onClick={() => void history.refetch()}>
            {t.retry}
          </Button>
        </p>
      ) : (
        <Skeleton className="h-[38px]" />
      )}
      <AccountFacts account={account} history={history.data} />
      {isOurs && <p className="text-xs text-text-3">{t.builtIn}</p>}
    </article>
  );
}

function Menu({ account, onAct }: Props) {
  const t = useTranslations(translations);
  const toggle = useSwitchAccount();
  return (
    <>
      <Button onClick={() => onAct('edit', account)}>
        <Pencil aria-hidden className="size-3.5" />
        {t.edit}
      </Button>
      <Popover label={t.more(account.name)} trigger={<Ellipsis aria-hidden className="size-4" />}>
        <PopoverItem onClick={() => onAct('guide', account)}>
          <WandSparkles aria-hidden className="size-3.5" />
          {t.guided}
        </PopoverItem>
        {account.chat_users && (
          <PopoverItem onClick={() => onAct('users', account)}>
            <Users aria-hidden className="size-3.5" />
            {t.groupUsers}
          </PopoverItem>
        )}
        {account.enabled ? (
          <PopoverItem onClick={() => onAct('disable', account)}>
            <PowerOff aria-hidden className="size-3.5" />
            {t.disable}
          </PopoverItem>
        ) : (
          <PopoverItem onClick={() => toggle.mutate({ account, enabled: true })}>
            <Power aria-hidden className="size-3.5" />
            {t.enable}
          </PopoverItem>
        )}
        <PopoverItem onClick={() => onAct('delete', account)} className="text-tone-text tone-fail">
          <Trash2 aria-hidden className="size-3.5" />
          {t.remove}
        </PopoverItem>
      </Popover>
    </>
  );
}

/** The end of the channel's rate limit, while it is in the future. */
function RateLimit({ until }: { until: string | null }) {
  const t = useTranslations(translations);
  const now = useNow();
  if (until === null || new Date(until).getTime() <= now) return null;
  return (
    <p className="flex flex-wrap items-center gap-1.5 rounded-control bg-tone-bg px-2 py-1 text-xs text-tone-text tone-retry">
      <Hourglass aria-hidden className="size-3.5 text-tone" />
      {t.limited} <AbsoluteTime at={until} />
    </p>
  );
}
