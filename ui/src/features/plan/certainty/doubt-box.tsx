'use client';

import { CircleHelp } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { defineTranslations, useTranslations } from '@/lib/i18n';

const translations = defineTranslations(
  {
    title: 'Is this what you meant?',
    hint: 'Not every word of the sentence is sure. Look at what is marked, then confirm this job, edit it, or leave it out.',
    agree: 'Yes, I meant this',
    of: (action: string, job: string) => `${action}: ${job}`,
  },
  {
    title: 'Apakah ini yang dimaksud?',
    hint: 'Belum semua kata dalam kalimat ini pasti. Lihat yang ditandai, lalu pastikan job ini, ubah, atau jangan ikutkan.',
    agree: 'Ya, ini maksud saya',
    of: (action: string, job: string) => `${action}: ${job}`,
  },
);

/** A doubt without a question: the person says that the job is meant, and only then it can be applied. */
export function DoubtBox({ jobId, onAgree }: { jobId: string; onAgree: () => void }) {
  const t = useTranslations(translations);
  return (
    <div data-ask className="grid scroll-mt-16 gap-2 rounded-control border border-tone bg-tone-bg px-3 py-2.5 text-sm tone-retry">
      <p className="flex gap-2 font-medium">
        <CircleHelp aria-hidden className="mt-[3px] size-3.5 shrink-0 text-tone" />
        {t.title}
      </p>
      <p className="text-text-2">{t.hint}</p>
      <Button size="small" className="justify-self-start" aria-label={t.of(t.agree, jobId)} onClick={onAgree}>
        {t.agree}
      </Button>
    </div>
  );
}
