'use client';

import { SearchX } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/states';
import { defineTranslations, useTranslations } from '@/lib/i18n';

const translations = defineTranslations(
  { title: 'There is no such page', hint: 'This address does not exist. Ctrl K searches jobs, runs and pages.', home: 'Back to the overview' },
  { title: 'Halaman tidak ada', hint: 'Alamat ini tidak ada. Ctrl K mencari job, run, dan halaman.', home: 'Ke ringkasan' },
);

/** The 404 page, inside the frame. */
export default function PageMissing() {
  const t = useTranslations(translations);
  return (
    <Card>
      <EmptyState icon={SearchX} title={<span role="heading" aria-level={1}>{t.title}</span>}>
        <p>{t.hint}</p>
        <ButtonLink href="/">{t.home}</ButtonLink>
      </EmptyState>
    </Card>
  );
}
