'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { MessageBadge } from '@/components/message-state';
import { AbsoluteTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { Field, Textarea } from '@/components/ui/field';
import { Spinner } from '@/components/ui/spinner';
import { useAction } from '@/lib/api/use-action';
import { api, newIdempotencyKey, unwrap, type Schemas } from '@/lib/api/client';
import { FormError } from '@/components/ui/form-error';
import { useTranslations } from '@/lib/i18n';
import { sentMessage, type Account } from '../queries';
import { messageReasonTranslations } from '../reasons';
import { StepFrame } from './step-frame';
import { wizardTranslations } from './translations';

type Message = Schemas['MessageBody'];
type Props = { account: Account; onBack: () => void; onNext: () => void; onChat: () => void };

/** A real message, followed to its final state. */
export function MessageStep({ account, onBack, onNext, onChat }: Props) {
  const t = useTranslations(wizardTranslations);
  const to = account.default_to;
  const [text, setText] = useState(t.sample(account.name));
  // One idempotency key for one text: a repeated request after an error sends the message once.
  const [key, setKey] = useState(newIdempotencyKey);
  const send = useAction<Message>({
    quiet: true,
    run: () =>
      unwrap(
        api.POST('/connectors/{channel}/accounts/{account_id}/messages', {
          params: {
            path: { channel: account.channel, account_id: account.account_id },
            header: { 'Idempotency-Key': key },
          },
          body: { text, to },
        }),
      ),
    onSuccess: () => setKey(newIdempotencyKey()),
  });
  const followed = useQuery(sentMessage(send.data?.id ?? null));
  const message = followed.data ?? send.data;
  const isArrived = message?.state === 'delivered';
  if (to === null) {
    return (
      <StepFrame title={t.message} lead={t.noRecipient} onBack={onBack} actions={<Button onClick={onNext}>{t.skip}</Button>}>
        <Button className="w-fit" onClick={onChat}>
          {t.chooseRecipient}
        </Button>
      </StepFrame>
    );
  }
  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <StepFrame
        title={t.message}
        lead={t.messageLead(to)}
        onBack={onBack}
        actions={
          <>
            <Button type="submit" variant={isArrived ? 'default' : 'primary'} pending={send.isPending} disabled={text.trim() === ''}>
              {message ? t.sendAgain : t.send}
            </Button>
            <Button variant={isArrived ? 'primary' : 'default'} onClick={onNext}>
              {isArrived ? t.next : t.skip}
            </Button>
          </>
        }
      >
        <Field label={t.text}>
          {(ids) => (
            <Textarea
              {...ids}
              value={text}
              maxLength={4_096}
              onChange={(event) => {
                setText(event.target.value);
                setKey(newIdempotencyKey());
              }}
            />
          )}
        </Field>
        {message && <Outcome message={message} />}
        <FormError error={send.error} />
      </StepFrame>
    </form>
  );
}

function Outcome({ message }: { message: Message }) {
  const t = useTranslations(wizardTranslations);
  const reasons = useTranslations(messageReasonTranslations);
  const code = message.error_code ?? '';
  const hint = code in reasons ? reasons[code as keyof typeof reasons] : null;
  const isOnItsWay = message.state === 'pending' || message.state === 'sending';
  return (
    <div role="status" className="grid gap-1.5 rounded-card border p-3">
      <p className="flex flex-wrap items-center gap-2">
        <MessageBadge state={message.state} />
        {isOnItsWay && <Spinner />}
        {t[message.state]}
      </p>
      {message.not_before && isOnItsWay && (
        <p className="text-xs text-text-2">
          {t.until} <AbsoluteTime at={message.not_before} />
        </p>
      )}
      {message.error && <p className="text-xs break-words">{message.error}</p>}
      {message.state === 'failed' && hint && <p className="text-xs text-text-2">{hint}</p>}
    </div>
  );
}
