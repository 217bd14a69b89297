'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useState } from 'react';
import { fieldErrors } from '@/components/schema-form';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { FormDialog } from '@/components/ui/form-dialog';
import { FormError } from '@/components/ui/form-error';
import { api, unwrap, type Schemas } from '@/lib/api/client';
import { queries } from '@/lib/api/queries';
import { useAction } from '@/lib/api/use-action';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { shownUser } from './accounts';
import type { Account } from './queries';

type ChatUser = Schemas['ChatUserBody'];

const MAX_ID_CHARS = 255;
const MAX_NAME_CHARS = 80;

const userTranslations = defineTranslations(
  {
    title: (account: string) => `Who may act in groups: ${account}`,
    text: 'In an allowed group these persons run, plan and press buttons. All other members only read. Private chats need no entry.',
    none: 'No person yet: members of allowed groups only read.',
    remove: (name: string) => `Remove ${name}`,
    id: 'Id of the person',
    idHint: 'Digits only. The bot shows it when it refuses a command of that person.',
    name: 'Name',
    nameHint: 'For readers. Optional.',
    add: 'Add',
  },
  {
    title: (account: string) => `Yang boleh bertindak di grup: ${account}`,
    text: 'Di grup yang diizinkan, orang-orang ini bisa menjalankan, merencanakan, dan menekan tombol. Anggota lain hanya membaca. Chat pribadi tidak perlu didaftarkan.',
    none: 'Belum ada orang: anggota grup yang diizinkan hanya membaca.',
    remove: (name: string) => `Hapus ${name}`,
    id: 'Id orang itu',
    idHint: 'Hanya angka. Bot menampilkannya saat menolak perintah orang itu.',
    name: 'Nama',
    nameHint: 'Untuk pembaca; boleh kosong.',
    add: 'Tambahkan',
  },
);

/** The persons who may act in groups: shown, added and removed one by one. */
export function ChatUsers({ account, onClose }: { account: Account; onClose: () => void }) {
  const t = useTranslations(userTranslations);
  const lang = useLang();
  const { users, name, remove } = useChatUsers(account);
  const [id, setId] = useState('');
  const [shown, setShown] = useState('');
  const added = () => {
    setId('');
    setShown('');
  };
  const errors: Record<string, string | undefined> = name.error ? fieldErrors(name.error.fields, lang) : {};
  return (
    <FormDialog
      title={t.title(account.account_id)}
      description={t.text}
      submit={t.add}
      pending={name.isPending}
      disabled={id.trim() === ''}
      onSubmit={() => name.mutate({ id: id.trim(), name: shown.trim() }, { onSuccess: added })}
      onClose={onClose}
    >
      {users.length === 0 ? (
        <p className="text-sm text-text-2">{t.none}</p>
      ) : (
        <ul className="grid gap-1">
          {users.map((user) => (
            <UserRow key={user.id} user={user} label={t.remove(shownUser(user))} onRemove={() => remove.mutate(user)} />
          ))}
        </ul>
      )}
      <Field label={t.id} hint={t.idHint} error={errors['/chat_users']}>
        {(ids) => (
          <Input {...ids} value={id} maxLength={MAX_ID_CHARS} inputMode="numeric" autoComplete="off" onChange={(event) => setId(event.target.value)} />
        )}
      </Field>
      <Field label={t.name} hint={t.nameHint} error={errors['/name']}>
        {(ids) => <Input {...ids} value={shown} maxLength={MAX_NAME_CHARS} autoComplete="off" onChange={(event) => setShown(event.target.value)} />}
      </Field>
      <FormError error={name.error} shownAt={['/chat_users', '/name']} />
    </FormDialog>
  );
}

function UserRow({ user, label, onRemove }: { user: ChatUser; label: string; onRemove: () => void }) {
  return (
    <li className="flex min-h-8 items-center gap-2 rounded-control border px-2 text-sm">
      {user.name && <span className="min-w-0 truncate">{user.name}</span>}
      <code className="font-mono text-xs text-text-2">{user.id}</code>
      <Button type="button" variant="ghost" size="small" className="ml-auto" aria-label={label} onClick={onRemove}>
        <X aria-hidden className="size-3.5" />
      </Button>
    </li>
  );
}

function useChatUsers(account: Account) {
  const cache = useQueryClient();
  const channels = useQuery(queries.connectors()).data ?? [];
  const stored = channels.flatMap((each) => each.accounts).find((each) => each.name === account.name) ?? account;
  const path = { channel: account.channel, account_id: account.account_id };
  const onSuccess = () => cache.invalidateQueries({ queryKey: queries.connectors().queryKey });
  const name = useAction<ChatUser, ChatUser>({
    quiet: true,
    run: (user) =>
      unwrap(
        api.PUT('/connectors/{channel}/accounts/{account_id}/chat-users/{chat_user_id}', {
          params: { path: { ...path, chat_user_id: user.id } },
          body: { name: user.name },
        }),
      ),
    onSuccess,
  });
  const remove = useAction<Schemas['ChatUserDeleted'], ChatUser>({
    run: (user) =>
      unwrap(
        api.DELETE('/connectors/{channel}/accounts/{account_id}/chat-users/{chat_user_id}', {
          params: { path: { ...path, chat_user_id: user.id } },
        }),
      ),
    onSuccess,
  });
  return { users: stored.chat_users ?? [], name, remove };
}
