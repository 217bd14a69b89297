'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Page } from '@/components/ui/page';
import { Tabs } from '@/components/ui/tabs';
import { useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { ExportList } from './export-list';
import { ReportList } from './report-list';
import { reportTranslations } from './translations';

const TABS = ['reports', 'exports'] as const;

/** Published reports and exports. */
export function ReportsPage() {
  const t = useTranslations(reportTranslations);
  // Exports contain inputs of runs: operators only.
  const mayExport = useCan('operator');
  const [tab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('reports'));
  return (
    <Page title={t.title} note={t.note}>
      <Tabs
        label={t.tabs}
        value={mayExport ? tab : 'reports'}
        tabs={[
          { value: 'reports', label: t.reports },
          ...(mayExport ? [{ value: 'exports' as const, label: t.exports }] : []),
        ]}
      />
      {tab === 'reports' || !mayExport ? <ReportList /> : <ExportList />}
    </Page>
  );
}
