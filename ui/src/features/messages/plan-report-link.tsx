'use client';

import { ButtonLink } from '@/components/ui/button';
import { useTranslations } from '@/lib/i18n';
import { Can } from '@/lib/session';
import { translations } from './translations';

/** A link that plans the daily report, the first message of a new deployment. */
export function PlanReportLink() {
  const t = useTranslations(translations);
  return (
    <Can role="operator">
      <ButtonLink href={`/plan?prompt=${encodeURIComponent(t.planText)}`} variant="primary">
        {t.plan}
      </ButtonLink>
    </Can>
  );
}
