'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ButtonLink } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { FormDialog } from '@/components/ui/form-dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import { useAction } from '@/lib/api/use-action';
import { api, unwrap } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import type { DefaultNotify } from './queries';

const translations = defineTranslations(
  {
    title: 'Where reports and alarms go',
    account: 'Account',
    to: 'Chat, number or address',
    toHint: 'As the channel names it: a Telegram chat id, a WhatsApp number, an email address.',
    save: 'Save the recipient',
    noAccounts: 'No account is set up and enabled yet.',
    connectors: 'Set up an account',
    effect: 'Takes effect within five seconds.',
  },
  {
    title: 'Ke mana laporan dan alarm dikirim',
    account: 'Akun',
    to: 'Chat, nomor, atau alamat',
    toHint: 'Seperti di kanalnya: id chat Telegram, nomor WhatsApp, alamat email.',
    save: 'Simpan penerima',
    noAccounts: 'Belum ada akun yang diatur dan aktif.',
    connectors: 'Atur akun',
    effect: 'Berlaku dalam lima detik.',
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
  // An account that leads to one place has its name.
  const isFixed = data?.some((each) => each.sole_recipient && each.channel === account?.channel) ?? false;
  const to = (isFixed ? null : typed) ?? account?.default_to ?? '';
  const save = useAction({
    quiet: true,
    run: (body: { channel: string; account_id: string; to: string }) =>
      unwrap(api.PUT('/settings/default-notify', { body })),
    onSuccess: (now) => {
      client.setQueryData(queries.defaultNotify().queryKey, now);
      onClose();
    },
  });
  if (!account) {
    return (
      <Dialog onClose={onClose} title={t.title} footer={<ButtonLink href="/connectors" variant="primary">{t.connectors}</ButtonLink>}>
        <p className="text-sm text-text-2">{t.noAccounts}</p>
      </Dialog>
    );
  }
  return (
    <FormDialog
      title={t.title}
      submit={t.save}
      pending={save.isPending}
      disabled={to.trim() === ''}
      onSubmit={() => save.mutate({ channel: account.channel, account_id: account.account_id, to: to.trim() })}
      onClose={onClose}
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
      {!isFixed && (
        <Field label={t.to} hint={t.toHint}>
          {(ids) => <Input {...ids} required value={to} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />}
        </Field>
      )}
      <p className="text-xs text-text-3">{t.effect}</p>
      <FormError error={save.error} />
    </FormDialog>
  );
}
