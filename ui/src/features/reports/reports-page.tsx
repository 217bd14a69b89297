'use client';

import { parseAsStringLiteral, useQueryState } from 'nuqs';
import { Page } from '@/components/ui/page';
import { Tabs } from '@/components/ui/tabs';
import { useWords } from '@/lib/i18n';
import { ExportList } from './export-list';
import { ReportList } from './report-list';
import { reportWords } from './words';

const TABS = ['reports', 'exports'] as const;

/** What was written for people to read and to keep. */
export function ReportsPage() {
  const t = useWords(reportWords);
  const [tab] = useQueryState('tab', parseAsStringLiteral(TABS).withDefault('reports'));
  return (
    <Page title={t.title} note={t.note}>
      <Tabs
        label={t.tabs}
        value={tab}
        tabs={[
          { value: 'reports', label: t.reports },
          { value: 'exports', label: t.exports },
        ]}
      />
      {tab === 'reports' ? <ReportList /> : <ExportList />}
    </Page>
  );
}
