'use client';

import { TriangleAlert } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { CopyButton } from '@/components/ui/copy-button';
import { ErrorState, EmptyState } from '@/components/ui/states';
import { ApiError } from '@/lib/api/client';
import { defineTranslations, useTranslations } from '@/lib/i18n';

const translations = defineTranslations(
  {
    title: 'This page has failed',
    hint: 'The error is in the dashboard. Your jobs keep running. Try again, or reload the page.',
    retry: 'Try again',
    home: 'Back to the overview',
    code: 'Code',
  },
  {
    title: 'Halaman ini gagal ditampilkan',
    hint: 'Masalahnya ada di dasbor, bukan di job Anda: semua job tetap berjalan. Muat ulang halaman ini.',
    retry: 'Muat ulang',
    home: 'Ke ringkasan',
    code: 'Kode',
  },
);

/** The error page. The frame around it stays usable. */
export default function PageFailed({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations(translations);
  const router = useRouter();
  const retry = () =>
    startTransition(() => {
      router.refresh();
      reset();
    });
  if (error instanceof ApiError) {
    return (
      <Card>
        <ErrorState error={error} onRetry={retry} />
      </Card>
    );
  }
  const details = error.digest ?? error.message;
  return (
    <Card role="alert">
      <EmptyState icon={TriangleAlert} title={<span role="heading" aria-level={1}>{t.title}</span>}>
        <p>{t.hint}</p>
        {details && (
          <p className="flex max-w-full items-center gap-1 text-xs text-text-3">
            {t.code} <code className="truncate font-mono">{details}</code>
            <CopyButton text={details} />
          </p>
        )}
        <span className="flex flex-wrap justify-center gap-2">
          <Button onClick={retry}>{t.retry}</Button>
          <ButtonLink href="/">{t.home}</ButtonLink>
        </span>
      </EmptyState>
    </Card>
  );
}
