'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { FormError } from './facts';
import { settingsQueries, type DefaultNotify } from './queries';

const translations = defineTranslations(
  {
    title: 'Where reports and alarms go',
    account: 'Account',
    to: 'Chat or number',
    toHint: 'As the channel names it: a Telegram chat id, a WhatsApp number.',
    save: 'Save the recipient',
    cancel: 'Cancel',
    noAccounts: 'No account is set up and enabled yet.',
    connectors: 'Set up an account',
    effect: 'Runs go by it within five seconds.',
  },
  {
    title: 'Ke mana laporan dan alarm dikirim',
    account: 'Akun',
    to: 'Chat atau nomor',
    toHint: 'Seperti di kanalnya: id chat Telegram, nomor WhatsApp.',
    save: 'Simpan penerima',
    cancel: 'Batal',
    noAccounts: 'Belum ada akun yang diatur dan aktif.',
    connectors: 'Atur akun',
    effect: 'Berlaku untuk run dalam lima detik.',
  },
);

/** Choose the account and the chat that reports and alarms go to. */
export function NotifyDialog({ current, onClose }: { current: DefaultNotify; onClose: () => void }) {
  const t = useTranslations(translations);
  const client = useQueryClient();
  const { data } = useQuery(queries.connectors());
  const accounts = (data ?? []).flatMap((channel) => channel.accounts).filter((account) => account.enabled);
  const name = (account: { channel: string; account_id: string }) => `${account.channel}:${account.account_id}`;
  const [chosen, setChosen] = useState(current.channel ? `${current.channel}:${current.account_id}` : '');
  const [typed, setTyped] = useState<string | null>(current.to);
  const account = accounts.find((each) => name(each) === chosen) ?? accounts[0];
  const to = typed ?? account?.default_to ?? '';
  const save = useAction({
    quiet: true,
    run: (body: { channel: string; account_id: string; to: string }) =>
      unwrap(api.PUT('/settings/default-notify', { body })),
    onSuccess: (now) => {
      client.setQueryData(settingsQueries.defaultNotify().queryKey, now);
      onClose();
    },
  });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.title}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          {account ? (
            <Button type="submit" form="notify-form" variant="primary" pending={save.isPending} disabled={to.trim() === ''}>
              {t.save}
            </Button>
          ) : (
            <ButtonLink href="/connectors" variant="primary">
              {t.connectors}
            </ButtonLink>
          )}
        </>
      }
    >
      {account ? (
        <form
          id="notify-form"
          className="grid gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            save.mutate({ channel: account.channel, account_id: account.account_id, to: to.trim() });
          }}
        >
          <Field label={t.account}>
            {(ids) => (
              <Select {...ids} value={name(account)} onChange={(event) => setChosen(event.target.value)}>
                {accounts.map((each) => (
                  <option key={name(each)} value={name(each)}>
                    {name(each)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t.to} hint={t.toHint}>
            {(ids) => <Input {...ids} required value={to} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />}
          </Field>
          <p className="text-xs text-text-3">{t.effect}</p>
          <FormError error={save.error} />
        </form>
      ) : (
        <p className="text-sm text-text-2">{t.noAccounts}</p>
      )}
    </Dialog>
  );
}
