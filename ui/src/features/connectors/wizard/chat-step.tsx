'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox, Field, Input } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import { useTranslations } from '@/lib/i18n';
import { useFieldErrors } from '../account-fields';
import type { Account, Channel } from '../queries';
import { useSaveAccount } from '../use-account-actions';
import { ChatList } from './chat-list';
import { StepFrame } from './step-frame';
import { wizardTranslations } from './translations';

type Props = { channel: Channel; account: Account; onBack: () => void; onNext: () => void };

/** The default recipient: chosen from recent chats, or typed. */
export function ChatStep({ channel, account, onBack, onNext }: Props) {
  const t = useTranslations(wizardTranslations);
  const save = useSaveAccount({ quiet: true });
  const [to, setTo] = useState(account.default_to ?? '');
  const labels: Record<string, string> = { telegram: t.byHand, whatsapp: t.number, email: t.address };
  const [isAllowed, setAllowed] = useState(account.commands && account.allow_chats.includes(account.default_to ?? ''));
  const errors = useFieldErrors(save.error, account.channel);
  const choose = (chat: string) => {
    setTo(chat);
    setAllowed(account.commands && account.allow_chats.includes(chat));
  };
  const submit = () => {
    const others = account.allow_chats.filter((each) => each !== to);
    const changes = {
      default_to: to,
      ...(channel.commands && {
        allow_chats: isAllowed ? [...others, to] : others,
        commands: isAllowed || (account.commands && others.length > 0),
      }),
    };
    save.mutate(
      { channel: account.channel, accountId: account.account_id, account, changes },
      { onSuccess: onNext },
    );
  };
  return (
    <StepFrame
      title={t.chat}
      lead={t.chatLead}
      onBack={onBack}
      onSubmit={submit}
      actions={
        <>
          <Button onClick={onNext}>{t.skip}</Button>
          <Button type="submit" variant="primary" pending={save.isPending} disabled={to === ''}>
            {t.saveChat}
          </Button>
        </>
      }
    >
      {(channel.commands || account.channel === 'sandbox') && <ChatList account={account} chosen={to} onChoose={choose} />}
      <Field label={labels[account.channel] ?? t.recipient} error={errors['/default_to'] ?? errors['/allow_chats']}>
        {(ids) => (
          <Input {...ids} value={to} autoComplete="off" spellCheck={false} onChange={(event) => choose(event.target.value.trim())} className="font-mono" />
        )}
      </Field>
      {channel.commands && (
        <label className="flex items-start gap-2">
          <Checkbox checked={isAllowed} onChange={(event) => setAllowed(event.target.checked)} className="mt-1" />
          <span>
            {t.commands}
            <span className="block text-xs text-text-3">{t.commandsHint}</span>
          </span>
        </label>
      )}
      <FormError error={save.error} shownAt={['/default_to', '/allow_chats']} />
    </StepFrame>
  );
}
