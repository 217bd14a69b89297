'use client';

import { GitCompareArrows, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { RelativeTime } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import type { Schemas } from '@/lib/api/client';
import { useLang, useTranslations } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { Can } from '@/lib/session';
import { formatNumber } from '@/lib/time';
import { RollbackDialog } from './rollback-dialog';
import { originName, versionTranslations } from './translations';

type Version = Schemas['JobVersionBody'];
type Props = { job: Job; versions: readonly Version[]; onCompare: (from: number, to: number) => void };

/** The versions of the job, newest first: author, time, origin; compare with the current one or roll back. */
export function VersionList({ job, versions, onCompare }: Props) {
  const t = useTranslations(versionTranslations);
  const lang = useLang();
  const [rollbackTo, setRollbackTo] = useState<number | null>(null);
  return (
    <Card title={t.versions} aside={t.saves(formatNumber(versions.length, lang), versions.length === 1)}>
      <ul>
        {versions.map((each) => {
          const isCurrent = each.version === job.version;
          return (
            <li key={each.version} className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3.5 py-2 last:border-b-0">
              <span className="w-9 shrink-0 font-mono text-xs font-medium">v{each.version}</span>
              <span className="min-w-0 flex-1 basis-48 text-sm">
                <span className="font-medium">{each.actor}</span>
                <span className="text-text-3"> · {originName(each.origin, lang)}</span>
                <span className="block text-xs text-text-3">
                  <RelativeTime at={each.at} />
                </span>
              </span>
              {isCurrent ? (
                <Badge>{t.current}</Badge>
              ) : (
                <span className="flex gap-2">
                  <Button size="small" onClick={() => onCompare(each.version, job.version)} aria-label={t.compareWith(each.version)}>
                    <GitCompareArrows aria-hidden className="size-3" />
                    {t.compare}
                  </Button>
                  <Can role="operator">
                    <Button size="small" onClick={() => setRollbackTo(each.version)} aria-label={t.rollBackTo(each.version)}>
                      <Undo2 aria-hidden className="size-3" />
                      {t.rollBack}
                    </Button>
                  </Can>
                </span>
              )}
            </li>
          );
        })}
      </ul>
      {versions.length === 1 && <p className="border-t px-3.5 py-2 text-xs text-text-3">{t.onlyOne}</p>}
      {rollbackTo !== null && <RollbackDialog job={job} version={rollbackTo} onClose={() => setRollbackTo(null)} />}
    </Card>
  );
}
