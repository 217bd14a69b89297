'use client';

import { useQuery } from '@tanstack/react-query';
import { Server } from 'lucide-react';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { Command, ErrorState, EmptyState, SkeletonRows } from '@/components/ui/states';
import { useLang, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { formatNumber } from '@/lib/time';
import { QueueCard } from './queue-card';
import { QueuesCard } from './queues-card';
import { ServicesCard } from './services-card';
import { WorkerCard } from './worker-card';
import { workerTranslations } from './translations';

/** The workers, their runs, and the queue. */
export function WorkersPage() {
  const t = useTranslations(workerTranslations);
  const lang = useLang();
  const { data, error, refetch } = useQuery(queries.workers());
  const { data: platform } = useQuery(queries.platform());
  const versions = [...new Set(platform?.processes.map((each) => each.version))].sort();
  const slots = data?.reduce((sum, worker) => sum + worker.concurrency, 0) ?? 0;
  const used = data?.reduce((sum, worker) => sum + worker.running.length, 0) ?? 0;
  const live = data?.length ?? 0;
  return (
    <Page
      title={t.title}
      note={live > 0 && t.note(formatNumber(live, lang), formatNumber(used, lang), formatNumber(slots, lang))}
    >
      {error && !data && (
        <Card>
          <ErrorState error={error} onRetry={() => void refetch()} />
        </Card>
      )}
      {!error && !data && (
        <Card>
          <SkeletonRows rows={4} />
        </Card>
      )}
      {versions.length > 1 && (
        <Card>
          <p className="px-3.5 py-2 text-sm text-text-2">{t.versions(versions.join(', '))}</p>
        </Card>
      )}
      {data && live === 0 && (
        <Card>
          <EmptyState icon={Server} title={t.none}>
            <p>{t.noneHint}</p>
            <Command text="multi-job restart worker" label={t.start} />
          </EmptyState>
        </Card>
      )}
      {data?.map((worker) => <WorkerCard key={worker.instance} worker={worker} />)}
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <QueuesCard />
        <QueueCard />
        <ServicesCard />
      </div>
    </Page>
  );
}
