'use client';

import { useQueryClient } from '@tanstack/react-query';
import { toast } from '@/lib/toast';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap, type Schemas } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { accountRequest, withAccount } from './accounts';
import type { Account } from './queries';
import { translations } from './translations';

type Changes = Partial<Schemas['AccountRequest']>;
export type Save = { channel: string; accountId: string; account?: Account; changes: Changes };

const KEY = queries.connectors().queryKey;
const pathOf = (channel: string, accountId: string) => ({ params: { path: { channel, account_id: accountId } } });

/** Save an account; the response replaces it in the list at once. */
export function useSaveAccount(options: { quiet?: boolean } = {}) {
  const cache = useQueryClient();
  return useAction<Account, Save>({
    quiet: options.quiet,
    run: ({ channel, accountId, account, changes }) =>
      unwrap(
        api.PUT('/connectors/{channel}/accounts/{account_id}', {
          ...pathOf(channel, accountId),
          body: accountRequest(account, changes),
        }),
      ),
    onSuccess: (saved) => {
      cache.setQueryData(KEY, (channels) => channels && withAccount(channels, saved));
      void cache.invalidateQueries({ queryKey: KEY });
    },
  });
}

/** Test an account with a real call; the result replaces its last check in the list. */
export function useTestAccount() {
  const cache = useQueryClient();
  return useAction<Schemas['CheckBody'], { channel: string; accountId: string }>({
    run: ({ channel, accountId }) =>
      unwrap(api.POST('/connectors/{channel}/accounts/{account_id}/test', pathOf(channel, accountId))),
    onSuccess: () => void cache.invalidateQueries({ queryKey: KEY }),
  });
}

/** Enable or disable an account. Optimistic: reverted if the API refuses it. */
export function useSwitchAccount() {
  const cache = useQueryClient();
  const put = (account: Account) => cache.setQueryData(KEY, (channels) => channels && withAccount(channels, account));
  return useAction<Account, { account: Account; enabled: boolean }>({
    run: ({ account, enabled }) =>
      unwrap(
        api.PUT('/connectors/{channel}/accounts/{account_id}', {
          ...pathOf(account.channel, account.account_id),
          body: accountRequest(account, { enabled }),
        }),
      ),
    onMutate: ({ account, enabled }) => void put({ ...account, enabled }),
    onError: (_, { account }) => void put(account),
    onSuccess: (saved) => void put(saved),
    onSettled: () => cache.invalidateQueries({ queryKey: KEY }),
  });
}

export function useDeleteAccount(onDone: () => void) {
  const cache = useQueryClient();
  const t = useTranslations(translations);
  return useAction<Schemas['AccountDeleted'], Account>({
    run: (account) =>
      unwrap(api.DELETE('/connectors/{channel}/accounts/{account_id}', pathOf(account.channel, account.account_id))),
    onSuccess: async (_, account) => {
      toast.success(t.deleted(account.name));
      await cache.invalidateQueries({ queryKey: KEY });
      onDone();
    },
  });
}
