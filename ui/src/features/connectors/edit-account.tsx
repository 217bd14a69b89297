'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from '@/lib/toast';
import { FormDialog } from '@/components/ui/form-dialog';
import { Checkbox, Field, Input, Textarea } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { AccountFields, useFieldErrors } from './account-fields';
import type { Account, Channel } from './queries';
import { partsOf, initialDraft } from './schema-fields';
import { useSaveAccount } from './use-account-actions';
import { translations } from './translations';

const formTranslations = defineTranslations(
  {
    toHint: 'The chat, number or address for messages without a recipient. Optional.',
    placeHint: 'What sentences and jobs call this place, such as #ops.',
    commands: 'Take commands from chats, such as /jobs and /run',
    allowed: 'Chats that may give commands',
    allowedHint: 'One id a line: numeric, or a WhatsApp number with country code. A @name is refused: it can pass to another person. Other chats get no answer.',
  },
  {
    toHint: 'Chat, nomor, atau alamat untuk pesan yang tidak menyebut penerima; boleh kosong.',
    placeHint: 'Sebutan tempat ini di kalimat dan job, misalnya #ops.',
    commands: 'Terima perintah dari chat, seperti /jobs dan /run',
    allowed: 'Chat yang boleh memberi perintah',
    allowedHint: 'Satu id per baris: angka, atau nomor WhatsApp dengan kode negara. @nama ditolak karena bisa berpindah pemilik. Chat lain tidak dijawab.',
  },
);

/** All settings of an account in one form. */
export function EditAccount({ account, onClose }: { account: Account; onClose: () => void }) {
  const channel = useQuery(queries.connectors()).data?.find((each) => each.channel === account.channel);
  return channel ? <Form channel={channel} account={account} onClose={onClose} /> : null;
}

function Form({ channel, account, onClose }: { channel: Channel; account: Account; onClose: () => void }) {
  const t = useTranslations(translations);
  const f = useTranslations(formTranslations);
  const save = useSaveAccount({ quiet: true });
  const [entered, setEntered] = useState(() => initialDraft(account));
  const [to, setTo] = useState(account.default_to ?? '');
  const [hasCommands, setCommands] = useState(account.commands);
  const [chats, setChats] = useState(account.allow_chats.join('\n'));
  const errors = useFieldErrors(save.error, account.channel);
  const submit = () => {
    const changes = {
      ...partsOf(entered),
      default_to: to.trim() || null,
      commands: hasCommands,
      allow_chats: chats.split('\n').map((each) => each.trim()).filter(Boolean),
    };
    save.mutate(
      { channel: account.channel, accountId: account.account_id, account, changes },
      {
        onSuccess: () => {
          toast.success(t.saved(account.name));
          onClose();
        },
      },
    );
  };
  return (
    <FormDialog
      title={t.editTitle(account.name)}
      submit={t.save}
      pending={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <AccountFields channel={channel} account={account} entered={entered} onChange={setEntered} error={save.error} />
      <Field label={t.defaultTo} hint={channel.sole_recipient ? f.placeHint : f.toHint} error={errors['/default_to']}>
        {(ids) => <Input {...ids} value={to} autoComplete="off" onChange={(event) => setTo(event.target.value)} />}
      </Field>
      {channel.commands && (
        <label className="flex items-center gap-2 text-sm">
          <Checkbox checked={hasCommands} onChange={(event) => setCommands(event.target.checked)} />
          {f.commands}
        </label>
      )}
      {channel.commands && (hasCommands || chats !== '') && (
        <Field label={f.allowed} hint={f.allowedHint} error={errors['/allow_chats']}>
          {(ids) => (
            <Textarea {...ids} rows={3} value={chats} onChange={(event) => setChats(event.target.value)} className="min-h-16 font-mono" />
          )}
        </Field>
      )}
      <FormError error={save.error} shownAt={['/settings', '/secrets', '/default_to', '/allow_chats']} />
    </FormDialog>
  );
}
