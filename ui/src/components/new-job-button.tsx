'use client';

import { ButtonLink } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { Can } from '@/lib/session';

const translations = defineTranslations({ newJob: 'New job' }, { newJob: 'Job baru' });

/** The primary action of a page about jobs; hidden from a role that may not create them. */
export function NewJobButton() {
  const t = useTranslations(translations);
  return (
    <Can role="operator">
      <ButtonLink href="/jobs/new" variant="primary">
        {t.newJob}
        <Kbd>C</Kbd>
      </ButtonLink>
    </Can>
  );
}
