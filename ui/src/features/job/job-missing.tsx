'use client';

import { useInfiniteQuery } from '@tanstack/react-query';
import { CircleOff, Trash2 } from 'lucide-react';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Page } from '@/components/ui/page';
import { EmptyState } from '@/components/ui/states';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { Can } from '@/lib/session';
import { RunsTab } from './runs-tab';

const translations = defineTranslations(
  {
    deleted: 'This job was deleted',
    deletedText: 'It was deleted while this page was open. It does not run any more.',
    missing: 'There is no job with this name',
    missingText: 'It was never saved, or it was deleted.',
    kept: 'Its runs are kept for a while and are listed below.',
    all: 'See all jobs',
    create: 'New job',
  },
  {
    deleted: 'Job ini sudah dihapus',
    deletedText: 'Job ini dihapus selagi halaman ini terbuka, dan tidak berjalan lagi.',
    missing: 'Tidak ada job dengan nama ini',
    missingText: 'Belum pernah disimpan, atau sudah dihapus.',
    kept: 'Run-nya masih disimpan untuk sementara, lihat di bawah.',
    all: 'Lihat semua job',
    create: 'Job baru',
  },
);

/** A job that does not exist: the possible actions, and its remaining runs. */
export function JobMissing({ jobId, wasThere }: { jobId: string; wasThere: boolean }) {
  const t = useTranslations(translations);
  const runs = useInfiniteQuery(queries.jobRuns(jobId));
  const hasRuns = (runs.data?.pages[0]?.items.length ?? 0) > 0;
  return (
    <Page title={jobId}>
      <Card>
        <div role="status">
          <EmptyState icon={wasThere ? Trash2 : CircleOff} title={wasThere ? t.deleted : t.missing}>
            <p>
              {wasThere ? t.deletedText : t.missingText} {hasRuns && t.kept}
            </p>
            <div className="flex flex-wrap justify-center gap-2">
              <ButtonLink href="/jobs">{t.all}</ButtonLink>
              <Can role="operator">
                <ButtonLink variant="primary" href="/jobs/new">
                  {t.create}
                </ButtonLink>
              </Can>
            </div>
          </EmptyState>
        </div>
      </Card>
      {hasRuns && <RunsTab jobId={jobId} />}
    </Page>
  );
}
