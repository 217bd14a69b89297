'use client';

import { CircleSlash, RotateCw, type LucideIcon } from 'lucide-react';
import { usePathname, useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { MESSAGE_STATES, MessageBadge, PROVIDER_STATES } from '@/components/message-state';
import { DataTable, ROW_LINK, type Column } from '@/components/table/data-table';
import { RelativeTime } from '@/components/time';
import { Link } from '@/components/ui/link';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { TONE_CLASS } from '@/lib/run-states';
import { formatNumber } from '@/lib/time';
import { decisionsOf, type RequestedDecision, type Decision } from './decision-rules';
import type { Message } from './queries';
import { translations } from './translations';

type Props = {
  messages: readonly Message[];
  onAsk: (asked: RequestedDecision) => void;
  onEnd?: () => void;
  isLoadingMore?: boolean;
};

const ICONS: Record<Decision, LucideIcon> = { resend: RotateCw, close: CircleSlash };

export function MessageTable({ messages, onAsk, onEnd, isLoadingMore }: Props) {
  const t = useTranslations(translations);
  const mayDecide = useCan('operator');
  const pathname = usePathname();
  const search = useSearchParams();
  const columns = useMemo<Column<Message>[]>(() => {
    const href = (id: string) => {
      const next = new URLSearchParams(search);
      next.set('message', id);
      return `${pathname}?${next}`;
    };
    return [
      {
        id: 'state',
        header: t.state,
        width: '124px',
        card: 'title',
        cell: (message) => (
          <span className="flex items-center gap-2">
            <MessageBadge state={message.state} />
            {mayDecide && (
              <span className="ml-auto lg:hidden">
                <DecisionMenu message={message} onAsk={onAsk} />
              </span>
            )}
          </span>
        ),
      },
      {
        id: 'text',
        header: t.text,
        width: 'minmax(0,7fr)',
        card: 'wide',
        cell: (message) => (
          <span className="flex min-w-0 items-center gap-3">
            <Link href={href(message.id)} scroll={false} className={cn('min-w-0 flex-1 truncate', ROW_LINK)}>
              {message.text}
            </Link>
            <Note message={message} />
          </span>
        ),
      },
      {
        id: 'to',
        header: t.to,
        width: 'minmax(0,3fr)',
        card: 'wide',
        cell: (message) => (
          <span className="block truncate" title={`${message.channel}:${message.account_id} → ${message.to}`}>
            {message.to} <span className="text-xs text-text-3">{`${message.channel}:${message.account_id}`}</span>
          </span>
        ),
      },
      {
        id: 'from',
        header: t.from,
        width: 'minmax(0,2fr)',
        card: 'value',
        cell: (message) =>
          message.job_id ? (
            <Link href={`/jobs/${encodeURIComponent(message.job_id)}`} title={message.job_id} className="relative z-10 block truncate hover:underline">
              {message.job_id}
            </Link>
          ) : (
            <span className="text-text-3">{t.noJob}</span>
          ),
      },
      {
        id: 'made',
        header: t.made,
        width: '92px',
        align: 'end',
        card: 'value',
        cell: (message) => <RelativeTime at={message.created_at} className="whitespace-nowrap text-text-2" />,
      },
      ...(mayDecide
        ? [
            {
              id: 'act',
              header: <span className="sr-only">{t.act}</span>,
              width: '52px',
              align: 'end' as const,
              card: 'hidden' as const,
              cell: (message: Message) => <DecisionMenu message={message} onAsk={onAsk} />,
            },
          ]
        : []),
    ];
  }, [t, mayDecide, pathname, search, onAsk]);
  return (
    <DataTable
      label={t.outbox}
      columns={columns}
      rows={messages}
      rowKey={(message) => message.id}
      onEnd={onEnd}
      isLoadingMore={isLoadingMore}
    />
  );
}

/** Below the text: error, attempts, and what the channel reported since. */
function Note({ message }: { message: Message }) {
  const t = useTranslations(translations);
  const lang = useLang();
  const notes = [
    message.error,
    message.attempts > 1 && t.tried(formatNumber(message.attempts, lang)),
    message.provider_state && PROVIDER_STATES[message.provider_state][lang],
  ].filter(Boolean);
  if (notes.length === 0) return null;
  const tone = message.error ? cn('text-tone-text', TONE_CLASS[MESSAGE_STATES[message.state].tone]) : 'text-text-3';
  return <span className={cn('max-w-1/2 truncate text-xs', tone)}>{notes.join(' · ')}</span>;
}

function DecisionMenu({ message, onAsk }: { message: Message; onAsk: (asked: RequestedDecision) => void }) {
  const t = useTranslations(translations);
  return (
    <span className="relative z-10 inline-flex gap-0.5">
      {decisionsOf(message).map((decision) => {
        const Icon = ICONS[decision];
        return (
          <button
            key={decision}
            type="button"
            aria-label={t[decision]}
            title={t[decision]}
            onClick={() => onAsk({ decision, message })}
            className="grid size-6 place-items-center rounded-control text-text-3 hover:bg-selected hover:text-text"
          >
            <Icon aria-hidden className="size-3.5" />
          </button>
        );
      })}
    </span>
  );
}
