'use client';

import { useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { MESSAGE_STATES, MessageBadge, PROVIDER_STATES } from '@/components/message-state';
import { AbsoluteTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { Link } from '@/components/ui/link';
import { ErrorState, Skeleton } from '@/components/ui/states';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { TONE_CLASS } from '@/lib/run-states';
import { formatNumber } from '@/lib/time';
import { decisionsOf, isClosed, type RequestedDecision } from './decision-rules';
import { DecisionDialog } from './decision-dialog';
import { messageQuery, type Message } from './queries';
import { translations } from './translations';

/** One message in full, with its decisions. */
export function MessageDialog({ messageId, onClose }: { messageId: string; onClose: () => void }) {
  const t = useTranslations(translations);
  const mayDecide = useCan('operator');
  const [asked, setAsked] = useState<RequestedDecision | null>(null);
  const found = useQuery(messageQuery(messageId));
  const message = found.data;
  const decisions = message && mayDecide ? decisionsOf(message) : [];
  // Only one dialog at a time: the question replaces the message, which returns afterwards.
  if (asked) return <DecisionDialog asked={asked} onClose={() => setAsked(null)} />;
  return (
    <Dialog
      onClose={onClose}
      title={t.message}
      className="w-[min(640px,calc(100vw-32px))]"
      footer={
        message && decisions.length > 0 ? (
          decisions.toReversed().map((decision) => (
            <Button
              key={decision}
              variant={decision === 'close' ? 'danger' : 'primary'}
              onClick={() => setAsked({ decision, message })}
            >
              {t[decision]}
            </Button>
          ))
        ) : undefined
      }
    >
      {message ? (
        <MessageDetails message={message} />
      ) : found.isError ? (
        <ErrorState error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Skeleton className="h-40" />
      )}
    </Dialog>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-text-3">{label}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}

function MessageDetails({ message }: { message: Message }) {
  const t = useTranslations(translations);
  const lang = useLang();
  return (
    <div className="grid gap-4">
      <p className="flex flex-wrap items-center gap-2">
        <MessageBadge state={message.state} />
        {isClosed(message) && <span className="text-xs text-text-2">{t.isClosed}</span>}
        <span>{message.to}</span>
        <span className="text-xs text-text-3">{`${message.channel}:${message.account_id}`}</span>
      </p>
      {message.error && (
        <p className={cn('rounded-control bg-tone-bg px-2.5 py-2 text-xs break-words text-tone-text', TONE_CLASS[MESSAGE_STATES[message.state].tone])}>
          {message.error}
          {message.error_code && <code className="ml-2 font-mono opacity-80">{message.error_code}</code>}
        </p>
      )}
      <p className="max-h-80 overflow-y-auto rounded-card border bg-raised p-3 break-words whitespace-pre-wrap" tabIndex={0} role="region" aria-label={t.text}>
        {message.text}
      </p>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2.5 sm:grid-cols-3">
        <Fact label={t.madeAt}>
          <AbsoluteTime at={message.created_at} />
        </Fact>
        <Fact label={t.changedAt}>
          <AbsoluteTime at={message.updated_at} />
        </Fact>
        <Fact label={t.attempts}>{formatNumber(message.attempts, lang)}</Fact>
        {message.not_before && (
          <Fact label={t.notBefore}>
            <AbsoluteTime at={message.not_before} />
          </Fact>
        )}
        {message.due_at && (
          <Fact label={message.is_late ? t.wasDueAt : t.dueAt}>
            <AbsoluteTime at={message.due_at} />
          </Fact>
        )}
        {message.expires_at && (
          <Fact label={t.expiresAt}>
            <AbsoluteTime at={message.expires_at} />
          </Fact>
        )}
        {message.provider_state && (
          <Fact label={t.provider}>
            {PROVIDER_STATES[message.provider_state][lang]}
            {message.provider_state_at && <AbsoluteTime at={message.provider_state_at} className="block text-xs text-text-3" />}
          </Fact>
        )}
        <Fact label={t.job}>
          {message.job_id ? (
            <Link href={`/jobs/${encodeURIComponent(message.job_id)}`} className="underline underline-offset-2">
              {message.job_id}
            </Link>
          ) : (
            t.noJob
          )}
        </Fact>
        {message.run_id && (
          <Fact label={t.run}>
            <Link href={`/runs/${encodeURIComponent(message.run_id)}`} className="font-mono text-xs underline underline-offset-2">
              {message.run_id}
            </Link>
          </Fact>
        )}
        {message.provider_id && (
          <Fact label={t.receipt}>
            <code className="font-mono text-xs">{message.provider_id}</code>
          </Fact>
        )}
      </dl>
      <p className="flex items-center gap-1 text-xs text-text-3">
        {t.id} <code className="min-w-0 truncate font-mono">{message.id}</code>
        <CopyButton text={message.id} />
      </p>
    </div>
  );
}
