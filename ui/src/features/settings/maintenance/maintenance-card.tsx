'use client';

import { useQuery } from '@tanstack/react-query';
import { Plus, Wrench } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState, QueryPlaceholder } from '@/components/ui/states';
import { api, unwrap } from '@/lib/api/client';
import { queries, type Maintenance } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { useNow } from '@/lib/now';
import { Can, useCan, useSession } from '@/lib/session';
import { formatNumber, formatSoon } from '@/lib/time';
import { maintenanceTranslations } from './translations';

const DeleteDialog = dynamic(() => import('@/components/delete-dialog').then((module) => module.DeleteDialog), { ssr: false });
const MaintenanceDialog = dynamic(() => import('./maintenance-dialog').then((module) => module.MaintenanceDialog), { ssr: false });

/** The maintenance windows: those that are open, planned, or come again. */
export function MaintenanceCard() {
  const t = useTranslations(maintenanceTranslations);
  const query = useQuery(queries.maintenance());
  const [isNew, setIsNew] = useState(false);
  const [gone, setGone] = useState<Maintenance | null>(null);
  return (
    <Card
      id="maintenance"
      className="scroll-mt-16"
      title={t.title}
      aside={
        <Can role="operator">
          <Button size="small" onClick={() => setIsNew(true)}>
            <Plus aria-hidden className="size-3.5" />
            {t.create}
          </Button>
        </Can>
      }
    >
      <p className="px-3.5 py-2.5 text-sm text-text-2">{t.hint}</p>
      <QueryPlaceholder query={query} rows={2} />
      {query.data?.length === 0 && <EmptyState icon={Wrench} title={t.none} />}
      {query.data && query.data.length > 0 && (
        <ul className="border-t">
          {query.data.map((each) => (
            <WindowRow key={each.id} window={each} onDelete={() => setGone(each)} />
          ))}
        </ul>
      )}
      {isNew && <MaintenanceDialog onClose={() => setIsNew(false)} />}
      {gone && (
        <DeleteDialog
          title={t.askDelete}
          action={t.deleteAction}
          request={() => unwrap(api.DELETE('/maintenance/{maintenance_id}', { params: { path: { maintenance_id: gone.id } } }))}
          queryKey={queries.maintenance().queryKey}
          onClose={() => setGone(null)}
        >
          <p>{t.deleteHint}</p>
        </DeleteDialog>
      )}
    </Card>
  );
}

function WindowRow({ window, onDelete }: { window: Maintenance; onDelete: () => void }) {
  const t = useTranslations(maintenanceTranslations);
  const lang = useLang();
  const now = useNow();
  const { timezone } = useSession();
  const canEdit = useCan('operator');
  const soon = (at: string) => formatSoon(at, now, timezone, lang);
  const [kind, name] = window.scope.split(':', 2);
  const scope = kind === 'tag' ? t.tagged(name ?? '') : (name ?? t.scopeAll);
  const when = window.active_until !== null ? t.until(soon(window.active_until)) : window.next_start !== null ? t.next(soon(window.next_start)) : t.over;
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b px-3.5 py-2 text-sm last:border-b-0">
      <span className="min-w-0 flex-1 basis-64">
        <span className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-all">{scope}</span>
          {window.active_until !== null && (
            <Badge tone="await" icon={Wrench}>
              {t.running}
            </Badge>
          )}
          <span className="text-text-2" suppressHydrationWarning>
            {when}
          </span>
        </span>
        <span className="block truncate text-xs text-text-3" title={window.reason}>
          {[
            window.rrule === null ? null : `${window.rrule} · ${t.minutes(formatNumber(window.duration_min ?? 0, lang))}`,
            window.reason || null,
            t.by(window.created_by),
          ]
            .filter((each) => each !== null)
            .join(' · ')}
        </span>
      </span>
      {canEdit && (
        <Button size="small" variant="danger" aria-label={`${t.deleteAction}: ${scope}`} onClick={onDelete}>
          {t.delete}
        </Button>
      )}
    </li>
  );
}
