'use client';

import { useQuery } from '@tanstack/react-query';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { useTranslations } from '@/lib/i18n';
import { ChatUsers } from './chat-users';
import { EditAccount } from './edit-account';
import { availability, type Account } from './queries';
import { useDeleteAccount, useSwitchAccount } from './use-account-actions';
import { translations } from './translations';

type Props = { account: Account; onClose: () => void };

/** The dialogs of an account's menu. */
export function AccountDialog({ act, ...rest }: Props & { act: 'edit' | 'users' | 'delete' | 'disable' }) {
  if (act === 'edit') return <EditAccount {...rest} />;
  if (act === 'users') return <ChatUsers {...rest} />;
  return act === 'delete' ? <DeleteAccount {...rest} /> : <DisableAccount {...rest} />;
}

function DeleteAccount({ account, onClose }: Props) {
  const t = useTranslations(translations);
  const remove = useDeleteAccount(onClose);
  const history = useQuery(availability(account.channel, account.account_id));
  const watching = history.data?.job_ids ?? [];
  return (
    <ConfirmDialog
      onClose={onClose}
      title={t.deleteTitle(account.name)}
      action={t.deleteAction}
      danger
      typed={account.account_id}
      pending={remove.isPending}
      onConfirm={() => remove.mutate(account)}
    >
      <p>{t.deleteText}</p>
      {watching.length > 0 && <p>{t.deleteWatched(watching.join(', '))}</p>}
      {history.data === undefined && history.isError && <p>{t.deleteUnknown}</p>}
    </ConfirmDialog>
  );
}

function DisableAccount({ account, onClose }: Props) {
  const t = useTranslations(translations);
  const toggle = useSwitchAccount();
  return (
    <ConfirmDialog
      onClose={onClose}
      title={t.disableTitle(account.name)}
      action={t.disable}
      onConfirm={() => {
        toggle.mutate({ account, enabled: false });
        onClose();
      }}
    >
      <p>{t.disableText}</p>
    </ConfirmDialog>
  );
}
