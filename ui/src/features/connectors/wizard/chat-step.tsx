'use client';

import { useState } from 'react';
import { Button } from '@/components/ui/button';
import { Checkbox, Field, Input } from '@/components/ui/field';
import { FormError } from '@/components/ui/form-error';
import { useTranslations } from '@/lib/i18n';
import { useFieldErrors } from '../account-fields';
import type { Account } from '../queries';
import { useSaveAccount } from '../use-account-actions';
import { ChatList } from './chat-list';
import { StepFrame } from './step-frame';
import { wizardTranslations } from './translations';

/** The default recipient: chosen from recent chats, or typed. */
export function ChatStep({ account, onBack, onNext }: { account: Account; onBack: () => void; onNext: () => void }) {
  const t = useTranslations(wizardTranslations);
  const save = useSaveAccount({ quiet: true });
  const [to, setTo] = useState(account.default_to ?? '');
  const hasChatList = account.channel === 'telegram';
  const [isAllowed, setAllowed] = useState(account.commands && account.allow_chats.includes(account.default_to ?? ''));
  const errors = useFieldErrors(save.error);
  const label = account.channel === 'telegram' ? t.byHand : account.channel === 'whatsapp' ? t.number : t.recipient;
  const choose = (chat: string) => {
    setTo(chat);
    setAllowed(account.commands && account.allow_chats.includes(chat));
  };
  const submit = () => {
    const others = account.allow_chats.filter((each) => each !== to);
    const changes = {
      default_to: to,
      ...(hasChatList && {
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
      <ChatList account={account} chosen={to} onChoose={choose} />
      <Field label={label} error={errors['/default_to'] ?? errors['/allow_chats']}>
        {(ids) => (
          <Input {...ids} value={to} autoComplete="off" spellCheck={false} onChange={(event) => choose(event.target.value.trim())} className="font-mono" />
        )}
      </Field>
      {hasChatList && (
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
