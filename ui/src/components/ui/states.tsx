'use client';

import { CloudOff, Lock, RefreshCw, SearchX, TriangleAlert, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import { cn } from '@/lib/cn';
import { toApiError } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { Button } from './button';

const translations = defineTranslations(
  {
    unreachable: 'Cannot reach the API',
    unreachableHint: 'The dashboard runs, but the API or its Redis does not answer. The page reloads automatically.',
    command: 'See what is wrong:',
    retry: 'Try again',
    trace: 'Trace id',
    noMatch: 'Nothing matches',
    noMatchHint: 'No entry matches this search and these filters.',
    clear: 'Clear filters',
    outOfScope: 'Not in your scope',
    outOfScopeHint: 'Your key is limited to some jobs. This page is about the whole deployment.',
  },
  {
    unreachable: 'API tidak terjangkau',
    unreachableHint: 'Dasbor berjalan, tetapi API atau Redis-nya tidak menjawab. Halaman ini dimuat ulang otomatis.',
    command: 'Lihat apa yang salah:',
    retry: 'Muat ulang',
    trace: 'Id jejak',
    noMatch: 'Tidak ada yang cocok',
    noMatchHint: 'Tidak ada entri untuk pencarian dan saringan ini.',
    clear: 'Hapus saringan',
    outOfScope: 'Di luar cakupan Anda',
    outOfScopeHint: 'Kunci Anda terbatas pada sebagian job. Halaman ini tentang seluruh sistem.',
  },
);

/** Shows which process is away, and why. */
export const STATUS_COMMAND = 'multi-job doctor';

function StateScreen({ icon: Icon, title, children, className }: { icon: LucideIcon; title: ReactNode; children?: ReactNode; className?: string }) {
  return (
    <div className={cn('grid justify-items-center gap-2 px-6 py-12 text-center', className)}>
      <Icon aria-hidden className="size-6 text-text-3" strokeWidth={1.5} />
      <p className="text-base font-semibold">{title}</p>
      <div className="grid max-w-md justify-items-center gap-3 text-sm text-text-2">{children}</div>
    </div>
  );
}

/** An empty list: explains its content and offers the button or command that creates the first item. */
export function EmptyState({ icon, title, children }: { icon: LucideIcon; title: ReactNode; children?: ReactNode }) {
  return (
    <StateScreen icon={icon} title={title}>
      {children}
    </StateScreen>
  );
}

/** A list without results for its filters. */
export function NoResults({ onClear }: { onClear: () => void }) {
  const t = useTranslations(translations);
  return (
    <StateScreen icon={SearchX} title={t.noMatch}>
      <p>{t.noMatchHint}</p>
      <Button onClick={onClear}>{t.clear}</Button>
    </StateScreen>
  );
}

/** An error: an outage has its own text; otherwise title, detail and trace id. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const t = useTranslations(translations);
  const problem = toApiError(error);
  if (problem.code === 'out_of_scope') return <OutOfScope />;
  return (
    <div role="alert" data-kind={problem.isOutage ? 'outage' : 'error'}>
      <StateScreen icon={problem.isOutage ? CloudOff : TriangleAlert} title={problem.isOutage ? t.unreachable : problem.title}>
        <p>{problem.isOutage ? t.unreachableHint : problem.detail}</p>
        {problem.isOutage && <Command text={STATUS_COMMAND} label={t.command} />}
        {problem.traceId && (
          <p className="flex items-center gap-1 text-xs text-text-3">
            {t.trace} <code className="font-mono">{problem.traceId}</code>
            <CopyButton text={problem.traceId} />
          </p>
        )}
        {onRetry && (
          <Button onClick={onRetry}>
            <RefreshCw aria-hidden className="size-3.5" />
            {t.retry}
          </Button>
        )}
      </StateScreen>
    </div>
  );
}

/** Content that a key with a scope does not get: no error, and nothing to retry. */
export function OutOfScope() {
  const t = useTranslations(translations);
  return (
    <StateScreen icon={Lock} title={t.outOfScope}>
      <p>{t.outOfScopeHint}</p>
    </StateScreen>
  );
}

type ReadResult = { data: unknown; error: unknown; refetch: () => unknown };

/** The placeholder of a query without data: the error, or rows that load; null once there is data. */
export function QueryPlaceholder({ query, rows }: { query: ReadResult; rows?: number }) {
  if (query.data) return null;
  if (query.error) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return <SkeletonRows rows={rows} />;
}

/** A command to run in a terminal, with a button that copies it. */
export function Command({ text, label }: { text: string; label?: string }) {
  return (
    <span className="inline-flex max-w-full flex-wrap items-center justify-center gap-1.5 text-xs text-text-2">
      {label}
      <code className="rounded-[4px] border bg-raised px-1.5 font-mono break-all text-text">{text}</code>
      <CopyButton text={text} />
    </span>
  );
}

/** A placeholder for content that loads, with the height of that content. */
export function Skeleton({ className }: { className?: string }) {
  return <span aria-hidden className={cn('block animate-pulse rounded-control bg-raised', className)} />;
}

/** Rows that are still being read. */
export function SkeletonRows({ rows = 6 }: { rows?: number }) {
  return (
    <div aria-busy="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex h-9 items-center border-b px-3.5 last:border-0">
          <Skeleton className="h-3 w-full" />
        </div>
      ))}
    </div>
  );
}
