'use client';

import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import dynamic from 'next/dynamic';
import { parseAsString, useQueryState } from 'nuqs';
import { useEffect, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Page } from '@/components/ui/page';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { useCan } from '@/lib/session';
import { formatNumber } from '@/lib/time';
import { AccountCard, type AccountAction } from './account-card';
import { ACCOUNT_STATES, accountState, channelName, groupsOf, type AccountState, type Group } from './accounts';
import { ChannelIcon } from './channel-icon';
import { MissingAccountCard } from './missing-account-card';
import { monitors, type Account } from './queries';
import { translations } from './translations';

const AccountDialog = dynamic(() => import('./account-dialogs').then((each) => each.AccountDialog));
const ConnectWizard = dynamic(() => import('./wizard/connect-wizard').then((each) => each.ConnectWizard));

type OpenDialog = { act: Exclude<AccountAction, 'guide'>; account: Account };

export function ConnectorsPage() {
  const t = useTranslations(translations);
  const isAdmin = useCan('admin');
  const [target, setTarget] = useQueryState('connect', parseAsString.withOptions({ history: 'push' }));
  const [asked, setAsked] = useState<OpenDialog | null>(null);
  const channels = useQuery(queries.connectors());
  const watching = useInfiniteQuery(monitors());
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = watching;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const groups = groupsOf(channels.data ?? [], watching.data?.pages.flatMap((page) => page.items) ?? []);
  const onAct = (act: AccountAction, account: Account) =>
    act === 'guide' ? void setTarget(account.name) : setAsked({ act, account });

  return (
    <Page
      title={t.title}
      note={channels.data && <Summary groups={groups} />}
      actions={
        isAdmin && (
          <Button variant="primary" onClick={() => void setTarget('new')}>
            <Plus aria-hidden className="size-3.5" />
            {t.setUpNew}
          </Button>
        )
      }
    >
      {channels.data ? (
        <div className="grid gap-4 xl:grid-cols-2">
          {groups.map((group) => (
            <ChannelGroup key={group.channel} group={group} onAct={onAct} onSetUp={(name) => void setTarget(name)} />
          ))}
        </div>
      ) : channels.isError ? (
        <ErrorState error={channels.error} onRetry={() => void channels.refetch()} />
      ) : (
        <div aria-busy="true" aria-label={t.loading} className="grid gap-4 xl:grid-cols-2">
          <Skeleton className="h-52" />
          <Skeleton className="h-52" />
        </div>
      )}
      {asked && <AccountDialog {...asked} onClose={() => setAsked(null)} />}
      {isAdmin && target !== null && channels.data && (
        <ConnectWizard target={target} onTarget={(next) => void setTarget(next, { history: 'replace' })} onClose={() => void setTarget(null, { history: 'replace' })} />
      )}
    </Page>
  );
}

/** The number of accounts, in total and by state. */
function Summary({ groups }: { groups: readonly Group[] }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const states: AccountState[] = groups.flatMap((group) => [
    ...group.accounts.map(accountState),
    ...group.missing.map(() => 'not_configured' as const),
  ]);
  const stateCounts = (Object.keys(ACCOUNT_STATES) as AccountState[])
    .map((state) => [state, states.filter((each) => each === state).length] as const)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${formatNumber(count, lang)} ${ACCOUNT_STATES[state].label[lang].toLowerCase()}`);
  return t.note(t.accounts(formatNumber(states.length, lang), states.length === 1), stateCounts.join(', '));
}

type GroupProps = {
  group: Group;
  onAct: (act: AccountAction, account: Account) => void;
  onSetUp: (target: string) => void;
};

function ChannelGroup({ group, onAct, onSetUp }: GroupProps) {
  const t = useTranslations(translations);
  const isAdmin = useCan('admin');
  const count = group.accounts.length + group.missing.length;
  return (
    <section
      aria-labelledby={`channel-${group.channel}`}
      className={cn('grid min-w-0 grid-rows-[auto_1fr] gap-2', count > 1 && 'xl:col-span-2')}
    >
      <h2 id={`channel-${group.channel}`} className="flex items-center gap-1.5 text-sm font-semibold">
        <ChannelIcon channel={group.channel} className="size-3.5 text-text-3" />
        {channelName(group.channel)}
      </h2>
      {count === 0 ? (
        <div className="flex min-h-12 flex-wrap self-start items-center gap-x-3 gap-y-1 rounded-card border border-dashed px-3.5 py-2 text-text-2">
          {t.none(channelName(group.channel))}
          {isAdmin && (
            <Button className="ml-auto" onClick={() => onSetUp(group.channel)}>
              {t.setUp}
            </Button>
          )}
        </div>
      ) : (
        <div className={cn('grid gap-4', count > 1 && 'xl:grid-cols-2')}>
          {group.accounts.map((account) => (
            <AccountCard key={account.name} account={account} onAct={onAct} />
          ))}
          {group.missing.map((missing) => (
            <MissingAccountCard
              key={missing.accountId}
              missing={missing}
              onSetUp={group.isServed ? () => onSetUp(`${missing.channel}:${missing.accountId}`) : null}
            />
          ))}
        </div>
      )}
    </section>
  );
}
