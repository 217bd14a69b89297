'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { ArrowUpRight, Inbox as InboxIcon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { RelativeTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { Link } from '@/components/ui/link';
import { ErrorState, EmptyState, Skeleton } from '@/components/ui/states';
import { cn } from '@/lib/cn';
import { useTranslations } from '@/lib/i18n';
import { NewMessagesPill } from './new-messages-pill';
import { PlanReportLink } from './plan-report-link';
import { inbox, type InboxMessage } from './queries';
import { useStableList } from '@/components/table/stable-list';
import { translations } from './translations';

const idOf = (message: InboxMessage) => message.id;
/** A longer message is collapsed. */
const LINES = 10;
const CHARS = 600;

/** The messages in the sandbox inbox. */
export function Inbox() {
  const t = useTranslations(translations);
  const list = useInfiniteQuery(inbox());
  const read = useMemo(() => list.data?.pages.flatMap((page) => page.items), [list.data]);
  const steady = useStableList(read, idOf);
  if (list.isPending) {
    return (
      <div aria-busy="true" className="grid gap-4 xl:grid-cols-2">
        <Skeleton className="h-40" />
        <Skeleton className="h-40" />
      </div>
    );
  }
  if (steady.rows.length === 0) {
    if (list.isError) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
    return (
      <EmptyState icon={InboxIcon} title={t.nothingIn}>
        <p>{t.nothingInHint}</p>
        <PlanReportLink />
      </EmptyState>
    );
  }
  return (
    <div>
      <NewMessagesPill count={steady.newCount} onShow={steady.showNew} />
      <ul aria-label={t.inbox} className="grid items-start gap-4 xl:grid-cols-2">
        {steady.rows.map((message) => (
          <li key={message.id} className="min-w-0 [contain-intrinsic-size:auto_180px] [content-visibility:auto]">
            <Letter message={message} />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <p className="mt-4 text-center">
          <Button pending={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t.older}
          </Button>
        </p>
      )}
    </div>
  );
}

function Letter({ message }: { message: InboxMessage }) {
  const t = useTranslations(translations);
  const [isWhole, setWhole] = useState(false);
  const isLong = message.text.length > CHARS || message.text.split('\n').length > LINES;
  return (
    <article aria-label={`${message.to}: ${message.text.slice(0, 60)}`} className="rounded-card border bg-surface">
      <header className="flex flex-wrap items-center gap-x-2 gap-y-0.5 border-b px-3.5 py-2">
        <h2 className="font-medium">{message.to}</h2>
        <span className="text-xs text-text-3">{`sandbox:${message.account_id}`}</span>
        <span className="ml-auto flex min-w-0 items-center gap-2 text-xs text-text-3">
          {message.run_id && (
            <Link href={`/runs/${encodeURIComponent(message.run_id)}`} className="truncate text-text-2 underline-offset-2 hover:underline">
              {message.job_id ?? message.run_id}
            </Link>
          )}
          <RelativeTime at={message.at} className="whitespace-nowrap" />
          <Link
            href={`/messages?message=${encodeURIComponent(message.message_id)}`}
            aria-label={t.openMessage}
            title={t.openMessage}
            className="grid size-5 shrink-0 place-items-center rounded-[4px] hover:bg-hover hover:text-text"
          >
            <ArrowUpRight aria-hidden className="size-3.5" />
          </Link>
        </span>
      </header>
      <p className={cn('px-3.5 py-3 break-words whitespace-pre-wrap', isLong && !isWhole && 'line-clamp-10 pb-0')}>{message.text}</p>
      {isLong && (
        <button
          type="button"
          aria-expanded={isWhole}
          onClick={() => setWhole(!isWhole)}
          className="mx-3.5 mt-1 mb-2.5 rounded-[2px] text-xs font-medium text-text-2 underline underline-offset-2 hover:text-text"
        >
          {isWhole ? t.fold : t.unfold}
        </button>
      )}
    </article>
  );
}
