'use client';

import { useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input, Select } from '@/components/ui/field';
import { useAction } from '@/lib/actions';
import { api, newIdempotencyKey, unwrap, type Schemas } from '@/lib/api';
import { useWords } from '@/lib/i18n';
import { useSession } from '@/lib/session';
import { isSignedOut, openSession } from '@/lib/sign-in';
import { keyWords } from './key-words';
import { Refusal } from './parts';
import type { Role } from './queries';
import { roleWords } from './roles';

const ROLES: readonly Role[] = ['viewer', 'operator', 'admin'];

type Made = { key: Schemas['KeyCreated']; session: 'same' | 'new' | 'lost' };

/**
 * Make a key. Where nobody needed one so far the first one closes the dashboard, to its maker too: it is then
 * an admin's, and its maker is signed in with it before anything else is asked.
 */
async function makeKey(body: { name: string; role: Role }, act: string): Promise<Made> {
  const key = await unwrap(api.POST('/keys', { body, params: { header: { 'Idempotency-Key': act } } }));
  if (!(await isSignedOut())) return { key, session: 'same' };
  if (!key.key) return { key, session: 'lost' };
  const isIn = await openSession(key.key).then(
    () => true,
    () => false,
  );
  return { key, session: isIn ? 'new' : 'lost' };
}

export function KeyDialog({ hasAdmin, onClose }: { hasAdmin: boolean; onClose: () => void }) {
  const t = useWords(keyWords);
  const roles = useWords(roleWords);
  const client = useQueryClient();
  const { keyless } = useSession();
  const isFirst = keyless && !hasAdmin;
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>(isFirst ? 'admin' : 'viewer');
  const [act] = useState(newIdempotencyKey);
  const make = useAction({
    quiet: true,
    run: () => makeKey({ name: name.trim(), role }, act),
    onSuccess: () => client.invalidateQueries({ queryKey: ['keys'] }),
  });
  if (make.data) return <MadeDialog made={make.data} onClose={onClose} />;
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t.create}
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" form="key-form" variant="primary" pending={make.isPending} disabled={name.trim() === ''}>
            {t.make}
          </Button>
        </>
      }
    >
      <form
        id="key-form"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate();
        }}
      >
        <Field label={t.name} hint={t.nameHint}>
          {(ids) => <Input {...ids} required maxLength={64} value={name} autoComplete="off" spellCheck={false} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label={t.role} hint={isFirst ? undefined : roles[role]}>
          {(ids) => (
            <Select {...ids} value={role} disabled={isFirst} onChange={(event) => setRole(event.target.value as Role)}>
              {ROLES.map((each) => (
                <option key={each} value={each}>
                  {each}
                </option>
              ))}
            </Select>
          )}
        </Field>
        {isFirst && <p className="text-sm text-text-2">{t.first}</p>}
        <Refusal error={make.error} />
      </form>
    </Dialog>
  );
}

/** The key, this once. */
function MadeDialog({ made, onClose }: { made: Made; onClose: () => void }) {
  const t = useWords(keyWords);
  const close = () => {
    onClose();
    // Who is signed in has changed: everything is read again in that name.
    if (made.session !== 'same') window.location.reload();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={t.madeTitle(made.key.name)}
      footer={
        <Button variant="primary" onClick={close}>
          {t.iHave}
        </Button>
      }
    >
      <div className="grid gap-3 text-sm">
        <p className="flex gap-2 rounded-control border bg-tone-bg px-3 py-2 text-tone-text tone-retry">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" />
          {made.key.key ? t.once : t.gone}
        </p>
        {made.key.key && (
          <p className="flex items-center gap-2 rounded-control border bg-raised px-3 py-2">
            <code aria-label={t.keyLabel} data-new-key className="min-w-0 flex-1 font-mono text-xs break-all">
              {made.key.key}
            </code>
            <CopyButton text={made.key.key} label={t.copy} />
          </p>
        )}
        {made.session === 'new' && <p className="text-text-2">{t.signedIn}</p>}
        {made.session === 'lost' && <p className="text-text-2">{t.stay}</p>}
      </div>
    </Dialog>
  );
}
