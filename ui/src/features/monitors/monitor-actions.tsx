'use client';

import { useQuery } from '@tanstack/react-query';
import { CirclePause, Pencil, Play } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { RemedyButton } from '@/components/remedy/remedy-button';
import { queries, type Monitor } from '@/lib/api/queries';
import { useEnableJob } from '@/lib/api/use-enable-job';
import { useResume } from '@/lib/api/use-resume';
import { useHotkey } from '@/lib/hotkeys';
import { useTranslations } from '@/lib/i18n';
import { useCan } from '@/lib/session';
import { toast } from '@/lib/toast';
import { monitorsTranslations } from './translations';
import { runNow } from './run-now';

const PauseDialog = dynamic(() => import('@/components/pause-dialog').then((module) => module.PauseDialog), { ssr: false });

/** Check now, pause or resume, edit: for those whose role allows it. */
export function MonitorActions({ monitor }: { monitor: Monitor }) {
  const t = useTranslations(monitorsTranslations);
  const router = useRouter();
  const canWork = useCan('operator');
  const [isAsking, setAsking] = useState(false);
  const { data: queue } = useQuery(queries.queue());
  const scope = { scope: 'job' as const, name: monitor.job_id };
  const isPaused = queue?.paused.some((each) => each.scope === 'job' && each.name === monitor.job_id) ?? false;
  const resume = useResume(scope, () => toast.success(t.resumed));
  const enable = useEnableJob(monitor.job_id);
  const editHref = `/jobs/${encodeURIComponent(monitor.job_id)}/edit`;
  useHotkey('e', t.edit, () => router.push(editHref), canWork);
  if (!canWork) return null;
  return (
    <>
      <ButtonLink href={editHref}>
        <Pencil aria-hidden className="size-3.5" />
        {t.edit}
        <Kbd>E</Kbd>
      </ButtonLink>
      {monitor.reason === 'disabled' ? (
        <Button pending={enable.isPending} onClick={() => enable.mutate(true)}>
          <Play aria-hidden className="size-3.5" />
          {t.enable}
        </Button>
      ) : isPaused ? (
        <Button pending={resume.isPending} onClick={() => resume.mutate()}>
          <Play aria-hidden className="size-3.5" />
          {t.resume}
        </Button>
      ) : (
        <Button onClick={() => setAsking(true)}>
          <CirclePause aria-hidden className="size-3.5" />
          {t.pause}
        </Button>
      )}
      <RemedyButton remedy={runNow(monitor.job_id, t.runNow)} primary />
      {isAsking && <PauseDialog jobId={monitor.job_id} onClose={() => setAsking(false)} />}
    </>
  );
}
