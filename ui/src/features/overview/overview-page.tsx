'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { DataTable } from '@/components/table/data-table';
import { RunStrip } from '@/components/run-strip';
import { queries } from '@/lib/queries';
export function OverviewPage() {
  const jobs = useInfiniteQuery(queries.jobs());
  return <Page title="Overview"><Card title="Jobs"><DataTable label="Jobs" rows={jobs.data?.pages.flatMap((p) => p.items) ?? []} rowKey={(j) => j.job_id} columns={[{ id: 'job', header: 'Job', width: 'minmax(0,1fr)', cell: (j) => j.job_id, card: 'title' }, { id: 's', header: 'Runs', width: '240px', card: 'wide', cell: (j) => <RunStrip runs={j.recent} /> }]} /></Card></Page>;
}
