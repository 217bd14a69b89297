'use client';

import { CircleX, Inbox } from 'lucide-react';
import { CopyButton } from '@/components/ui/copy-button';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import type { RunDetail } from '@/lib/api/queries';
import { formatDuration } from '@/lib/time';
import { runTranslations } from './translations';

const translations = defineTranslations(
  {
    title: 'Why it failed',
    exception: 'It raised an error',
    timeout: 'It exceeded its time limit',
    crash: 'Its worker was lost',
    lease_lost: 'Its worker lost the connection to the platform',
    cancelled: 'It was cancelled',
    invalid: 'Its inputs were refused',
    unknown_type: 'No worker supports its job type',
    limit: (length: string) => `limit ${length}`,
    retryable: 'A retry may help',
    notRetryable: 'A retry will not help',
    traceback: 'Traceback',
    code: 'Code',
  },
  {
    title: 'Mengapa gagal',
    exception: 'Terjadi kesalahan',
    timeout: 'Melebihi batas waktu',
    crash: 'Worker-nya hilang',
    lease_lost: 'Worker-nya kehilangan koneksi ke platform',
    cancelled: 'Dibatalkan',
    invalid: 'Masukannya ditolak',
    unknown_type: 'Tidak ada worker yang mendukung tipe job-nya',
    limit: (length: string) => `batas ${length}`,
    retryable: 'Percobaan ulang bisa membantu',
    notRetryable: 'Percobaan ulang tidak membantu',
    traceback: 'Traceback',
    code: 'Kode',
  },
);

/** Why a run failed: error, message, and whether a retry may help. */
export function ErrorCard({ run }: { run: RunDetail }) {
  const t = useTranslations(translations);
  const page = useTranslations(runTranslations);
  const lang = useLang();
  const { error } = run;
  if (error === null || run.status !== 'failed') return null;
  const Icon = run.dead_letter ? Inbox : CircleX;
  return (
    <section aria-label={t.title} className="overflow-hidden rounded-card border bg-surface tone-fail">
      <div className="flex gap-3 bg-tone-bg px-3.5 py-3">
        <Icon aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" strokeWidth={2.25} />
        <div className="grid min-w-0 flex-1 gap-1">
          <h2 className="text-sm font-semibold text-tone-text">
            {t[error.kind]}
            {error.kind === 'timeout' && ` (${t.limit(formatDuration(run.timeout_ms, lang))})`}
          </h2>
          <p className="text-base break-words whitespace-pre-wrap text-text">{error.message}</p>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-xs text-text-2">
            <span>
              {t.code} <code className="font-mono">{error.code}</code>
            </span>
            {error.type && <code className="font-mono break-all">{error.type}</code>}
            <span>{error.retryable ? t.retryable : t.notRetryable}</span>
            {run.dead_letter && <span className="font-medium text-tone-text">{page.isDead}</span>}
          </p>
        </div>
        <CopyButton text={error.message} />
      </div>
      {error.traceback && (
        <details className="border-t">
          <summary className="px-3.5 py-1.5 text-xs font-medium text-text-2 hover:text-text">{t.traceback}</summary>
          <div className="relative border-t">
            <span className="absolute top-1.5 right-2">
              <CopyButton text={error.traceback} />
            </span>
            <pre className="max-h-96 overflow-auto px-3.5 py-2 font-mono text-xs text-text-2" tabIndex={0}>
              {error.traceback}
            </pre>
          </div>
        </details>
      )}
    </section>
  );
}
