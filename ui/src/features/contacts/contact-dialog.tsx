'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { fieldErrors } from '@/components/schema-form';
import { Field, Input, Options, Select } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { FormError } from '@/components/ui/form-error';
import { api, unwrap, type Schemas } from '@/lib/api/client';
import { queries, type Contact } from '@/lib/api/queries';
import { useAction } from '@/lib/api/use-action';
import { useLang, useTranslations } from '@/lib/i18n';
import { toast } from '@/lib/toast';
import { contactTranslations } from './translations';

type Draft = Schemas['ContactRequest'];

const CHANNELS: readonly Draft['channel'][] = ['whatsapp', 'telegram', 'email', 'slack', 'discord', 'ntfy', 'webhook', 'sandbox'];
const MAX_NAME_CHARS = 80;
const MAX_TO_CHARS = 255;
const SHOWN_AT = ['/channel', '/to', '/account_id'];

type Props = {
  /** null: a new contact. */
  contact: Contact | null;
  others: readonly Contact[];
  onClose: () => void;
};

/** As the API compares names: without regard to case and further blanks. */
const folded = (name: string) => name.trim().replace(/\s+/g, ' ').toLowerCase();

/** Creates a contact, or changes the address of one. */
export function ContactDialog({ contact, others, onClose }: Props) {
  const t = useTranslations(contactTranslations);
  const lang = useLang();
  const client = useQueryClient();
  const list = useId();
  const [name, setName] = useState(contact?.name ?? '');
  const [draft, setDraft] = useState({ channel: contact?.channel ?? 'whatsapp', to: contact?.to ?? '', account_id: contact?.account_id ?? '' });
  const { data: channels = [] } = useQuery(queries.connectors());
  const accounts = channels.flatMap((each) => each.accounts).filter((each) => each.channel === draft.channel);
  const same = contact === null ? others.find((each) => folded(each.name) === folded(name)) : undefined;
  const save = useAction({
    quiet: true,
    run: () => {
      const body: Draft = { channel: draft.channel, to: draft.to.trim(), account_id: draft.account_id.trim() || null };
      return unwrap(api.PUT('/contacts/{contact_name}', { params: { path: { contact_name: name.trim() } }, body }));
    },
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: queries.contacts().queryKey });
      toast.success(t.saved(saved.name));
      onClose();
    },
  });
  const errors: Record<string, string | undefined> = save.error ? fieldErrors(save.error.fields, lang) : {};
  return (
    <FormDialog
      title={contact === null ? t.create : t.editTitle(contact.name)}
      submit={t.save}
      pending={save.isPending}
      disabled={name.trim() === '' || draft.to.trim() === ''}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {contact === null && (
        <Field label={t.name} hint={same ? t.exists(same.name) : t.nameHint}>
          {(ids) => <Input {...ids} required maxLength={MAX_NAME_CHARS} value={name} autoComplete="off" onChange={(event) => setName(event.target.value)} />}
        </Field>
      )}
      <Field label={t.channel} error={errors['/channel']}>
        {(ids) => (
          <Select {...ids} value={draft.channel} onChange={(event) => setDraft({ ...draft, channel: event.target.value as Draft['channel'], account_id: '' })}>
            <Options values={CHANNELS} />
          </Select>
        )}
      </Field>
      <Field label={t.to} hint={t.toHint} error={errors['/to']}>
        {(ids) => <Input {...ids} required maxLength={MAX_TO_CHARS} value={draft.to} autoComplete="off" spellCheck={false} onChange={(event) => setDraft({ ...draft, to: event.target.value })} />}
      </Field>
      <Field label={t.account} hint={t.accountHint} error={errors['/account_id']}>
        {(ids) => (
          <>
            <Input {...ids} list={list} value={draft.account_id} autoComplete="off" spellCheck={false} onChange={(event) => setDraft({ ...draft, account_id: event.target.value })} />
            <datalist id={list}>
              <Options values={accounts.map((each) => each.account_id)} />
            </datalist>
          </>
        )}
      </Field>
      <p className="text-xs text-text-3">{t.effect}</p>
      <FormError error={save.error} shownAt={SHOWN_AT} />
    </FormDialog>
  );
}
