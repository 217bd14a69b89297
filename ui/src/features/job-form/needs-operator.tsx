'use client';

import { Lock } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { NothingYet } from '@/components/ui/states';
import { useWords } from '@/lib/i18n';
import { formWords as words } from './form-words';

/** For those who may look only: says which role it takes. */
export function NeedsOperator({ title, backHref }: { title: string; backHref: string }) {
  const t = useWords(words);
  return (
    <Page title={title}>
      <Card>
        <NothingYet icon={Lock} title={t.needsRole}>
          <p>{t.needsRoleHint}</p>
          <ButtonLink href={backHref}>{t.toJobs}</ButtonLink>
        </NothingYet>
      </Card>
    </Page>
  );
}
