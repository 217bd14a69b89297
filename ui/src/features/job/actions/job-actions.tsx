'use client';

import { useQuery } from '@tanstack/react-query';
import { CirclePause, Ellipsis, Pencil, Trash2 } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { ButtonLink } from '@/components/ui/button';
import { Switch } from '@/components/ui/field';
import { Kbd } from '@/components/ui/kbd';
import { Popover, PopoverItem } from '@/components/ui/popover';
import { useHotkey } from '@/lib/hotkeys';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { queries, type Job } from '@/lib/api/queries';
import { useCan } from '@/lib/session';
import { pausesOf } from '../policy-text';
import { RunNowButton } from './run-now-button';
import { useEnableJob } from '@/lib/api/use-enable-job';

const PauseDialog = dynamic(() => import('@/components/pause-dialog').then((module) => module.PauseDialog), { ssr: false });
const DeleteDialog = dynamic(() => import('./delete-dialog').then((module) => module.DeleteDialog), { ssr: false });

const translations = defineTranslations(
  {
    fires: 'Fires on its schedule',
    on: 'On',
    off: 'Off',
    edit: 'Edit',
    more: 'More',
    pause: 'Pause this job…',
    remove: 'Delete this job…',
  },
  {
    fires: 'Berjalan sesuai jadwalnya',
    on: 'Aktif',
    off: 'Nonaktif',
    edit: 'Ubah',
    more: 'Lainnya',
    pause: 'Jeda job ini…',
    remove: 'Hapus job ini…',
  },
);

/** The actions on a job; a viewer sees the switch disabled. */
export function JobActions({ job }: { job: Job }) {
  const t = useTranslations(translations);
  const router = useRouter();
  const canWork = useCan('operator');
  const [asked, setAsked] = useState<'pause' | 'delete' | null>(null);
  const { mutate: setEnabled, isPending } = useEnableJob(job.job_id);
  const { data: queue } = useQuery(queries.queue());
  const isPaused = pausesOf(job, queue?.paused ?? []).some((each) => each.scope === 'job');
  const editHref = `/jobs/${encodeURIComponent(job.job_id)}/edit`;
  useHotkey('e', t.edit, () => router.push(editHref), canWork);
  return (
    <>
      <label className="mr-1 flex items-center gap-1.5 text-sm text-text-2">
        <Switch label={t.fires} checked={job.enabled} disabled={!canWork || isPending} onChange={(event) => setEnabled(event.target.checked)} />
        <span aria-hidden>{job.enabled ? t.on : t.off}</span>
      </label>
      {canWork && (
        <>
          <ButtonLink href={editHref}>
            <Pencil aria-hidden className="size-3.5" />
            {t.edit}
            <Kbd>E</Kbd>
          </ButtonLink>
          <RunNowButton job={job} primary />
          <Popover label={t.more} trigger={<Ellipsis aria-hidden className="size-4" />}>
            <PopoverItem disabled={isPaused} onClick={() => setAsked('pause')}>
              <CirclePause aria-hidden className="size-3.5 text-text-3" />
              {t.pause}
            </PopoverItem>
            <PopoverItem onClick={() => setAsked('delete')} className="text-tone-text tone-fail">
              <Trash2 aria-hidden className="size-3.5" />
              {t.remove}
            </PopoverItem>
          </Popover>
        </>
      )}
      {asked === 'pause' && <PauseDialog jobId={job.job_id} onClose={() => setAsked(null)} />}
      {asked === 'delete' && <DeleteDialog jobId={job.job_id} onClose={() => setAsked(null)} />}
    </>
  );
}
