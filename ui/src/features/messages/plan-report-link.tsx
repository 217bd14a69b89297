'use client';

import { ButtonLink } from '@/components/ui/button';
import { useTranslations } from '@/lib/i18n';
import { Can } from '@/lib/session';
import { translations } from './translations';

/** The way to a first message: the daily report, planned from a sentence. */
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
