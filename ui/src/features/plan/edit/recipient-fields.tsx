'use client';

import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import { Field, Input, Options, Select } from '@/components/ui/field';
import { Link } from '@/components/ui/link';
import { queries } from '@/lib/api/queries';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import type { Recipient } from './recipient';

const translations = defineTranslations(
  {
    saved: 'Contact or account',
    choose: 'Choose…',
    contacts: 'Contacts',
    accounts: 'Accounts with their own chat',
    channel: 'Channel',
    byDefault: 'The default recipient',
    account: 'Account',
    accountHint: 'empty: the only account of the channel',
    to: 'Recipient',
    toHint: 'chat, number or address; empty: the chat of the account',
    more: 'Edit the contacts',
  },
  {
    saved: 'Kontak atau akun',
    choose: 'Pilih…',
    contacts: 'Kontak',
    accounts: 'Akun dengan chat sendiri',
    channel: 'Kanal',
    byDefault: 'Penerima bawaan',
    account: 'Akun',
    accountHint: 'jika kosong, satu-satunya akun di kanal itu',
    to: 'Penerima',
    toHint: 'chat, nomor, atau alamat; jika kosong, chat milik akun',
    more: 'Atur kontak',
  },
);

type Props = { value: Recipient; onValue: (recipient: Recipient) => void; errors: Readonly<Record<string, string>> };

/** The recipient of a job, with the contacts and accounts as suggestions. */
export function RecipientFields({ value, onValue, errors }: Props) {
  const t = useTranslations(translations);
  const list = useId();
  const { data: channels = [] } = useQuery(queries.connectors());
  const { data: contacts = [] } = useQuery(queries.contacts());
  const accounts = channels.flatMap((each) => each.accounts);
  const withChat = accounts.filter((each) => each.default_to);
  const suggestions = [
    ...contacts.map(({ name, channel, account_id, to }) => ({ name, recipient: { channel, account_id: account_id ?? '', to } })),
    ...withChat.map(({ name, channel, account_id, default_to }) => ({ name, recipient: { channel, account_id, to: default_to ?? '' } })),
  ];
  const same = suggestions.findIndex(({ recipient }) => recipient.channel === value.channel && recipient.to === value.to && recipient.account_id === value.account_id);
  const names = [...new Set([...channels.map((each) => each.channel), ...(value.channel ? [value.channel] : [])])];
  const option = (at: number) => {
    const { name, recipient } = suggestions[at]!;
    return (
      <option key={at} value={at}>
        {name} · {recipient.channel} {recipient.to}
      </option>
    );
  };
  const ownAccounts = accounts.filter((each) => each.channel === value.channel).map((each) => each.account_id);
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2">
      {suggestions.length > 0 && (
        <Field label={t.saved} className="sm:col-span-2">
          {(ids) => (
            <Select {...ids} value={same < 0 ? '' : same} onChange={({ target }) => target.value !== '' && onValue(suggestions[Number(target.value)]!.recipient)}>
              <option value="">{t.choose}</option>
              {contacts.length > 0 && <optgroup label={t.contacts}>{contacts.map((_, at) => option(at))}</optgroup>}
              {withChat.length > 0 && <optgroup label={t.accounts}>{withChat.map((_, at) => option(contacts.length + at))}</optgroup>}
            </Select>
          )}
        </Field>
      )}
      <Field label={t.channel} error={errors['/channel'] ?? errors['']}>
        {(ids) => (
          <Select {...ids} data-field="channel" value={value.channel} onChange={({ target }) => onValue({ ...value, channel: target.value })}>
            <option value="">{t.byDefault}</option>
            <Options values={names} />
          </Select>
        )}
      </Field>
      {value.channel !== '' && (
        <>
          <Field label={t.account} hint={t.accountHint} error={errors['/account_id']}>
            {(ids) => (
              <>
                <Input {...ids} data-field="account_id" list={list} value={value.account_id} autoComplete="off" spellCheck={false} onChange={({ target }) => onValue({ ...value, account_id: target.value })} />
                <datalist id={list}>
                  <Options values={ownAccounts} />
                </datalist>
              </>
            )}
          </Field>
          <Field label={t.to} hint={t.toHint} error={errors['/to']}>
            {(ids) => <Input {...ids} data-field="to" value={value.to} autoComplete="off" spellCheck={false} onChange={({ target }) => onValue({ ...value, to: target.value })} />}
          </Field>
        </>
      )}
      <Link href="/contacts" className="self-end text-xs text-text-2 underline decoration-border-strong underline-offset-2 hover:text-text sm:col-span-2 sm:justify-self-start">
        {t.more}
      </Link>
    </div>
  );
}
