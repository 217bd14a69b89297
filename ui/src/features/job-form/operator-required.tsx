'use client';

import { Lock } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { EmptyState } from '@/components/ui/states';
import { useTranslations } from '@/lib/i18n';
import { formTranslations } from './translations';

/** Explains which role is required. */
export function OperatorRequired({ title, backHref }: { title: string; backHref: string }) {
  const t = useTranslations(formTranslations);
  return (
    <Page title={title}>
      <Card>
        <EmptyState icon={Lock} title={t.needsRole}>
          <p>{t.needsRoleHint}</p>
          <ButtonLink href={backHref}>{t.toJobs}</ButtonLink>
        </EmptyState>
      </Card>
    </Page>
  );
}
