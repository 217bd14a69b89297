'use client';

import { ButtonLink } from '@/components/ui/button';
import { useWords } from '@/lib/i18n';
import { Can } from '@/lib/session';
import { words } from './words';

/** The way to a first message: the daily report, planned from a sentence. */
export function PlanReport() {
  const t = useWords(words);
  return (
    <Can role="operator">
      <ButtonLink href={`/plan?prompt=${encodeURIComponent(t.planText)}`} variant="primary">
        {t.plan}
      </ButtonLink>
    </Can>
  );
}
