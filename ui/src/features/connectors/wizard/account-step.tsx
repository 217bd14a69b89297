'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import { useTranslations } from '@/lib/i18n';
import { AccountFields, hasFields, useFieldErrors } from '../account-fields';
import { ACCOUNT_ID, channelName, isBuiltIn } from '../accounts';
import type { Account, Channel } from '../queries';
import { isMissing, partsOf, initialDraft } from '../schema-fields';
import { useSaveAccount } from '../use-account-actions';
import { StepFrame } from './step-frame';
import { wizardTranslations } from './translations';

type Props = { channel: Channel; accountId: string; onBack: () => void; onSaved: (account: Account) => void };

export function AccountStep({ channel, accountId, onBack, onSaved }: Props) {
  const t = useTranslations(wizardTranslations);
  const save = useSaveAccount({ quiet: true });
  const [id, setId] = useState(accountId);
  const stored = channel.accounts.find((each) => each.account_id === id);
  const [entered, setEntered] = useState(() => initialDraft(stored));
  const errors = useFieldErrors(save.error, channel.channel);
  const isReserved = isBuiltIn({ channel: channel.channel, account_id: id });
  const isUnfinished = id === '' || isMissing(channel, stored, entered);
  const idProblem = isReserved ? t.builtIn : id !== '' && !ACCOUNT_ID.test(id) ? t.idWrong : errors['/account_id'];
  const submit = () => {
    // A new account is enabled.
    const changes = { ...partsOf(entered), enabled: true };
    save.mutate({ channel: channel.channel, accountId: id, account: stored, changes }, { onSuccess: onSaved });
  };
  return (
    <StepFrame
      title={`${t.account} · ${channelName(channel.channel)}`}
      lead={t.accountLead}
      onBack={onBack}
      onSubmit={submit}
      actions={
        <Button type="submit" variant="primary" pending={save.isPending} disabled={isUnfinished || idProblem === t.idWrong || isReserved}>
          {t.save}
        </Button>
      }
    >
      <Field label={t.id} hint={stored && id !== accountId ? t.idTaken : t.idHint} error={idProblem}>
        {(ids) => (
          <Input {...ids} value={id} autoComplete="off" spellCheck={false} placeholder="bot_a01" onChange={(event) => setId(event.target.value.trim())} />
        )}
      </Field>
      <AccountFields channel={channel} account={stored} entered={entered} onChange={setEntered} error={save.error} />
      <p className="text-xs text-text-3">{hasFields(channel) ? t.secrets : t.nothing}</p>
      <FormError error={save.error} shownAt={['/settings', '/secrets', '/account_id']} />
    </StepFrame>
  );
}
