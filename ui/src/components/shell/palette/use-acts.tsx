'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CirclePause, CirclePlay, Pause, Play, Power, PowerOff, type LucideIcon } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { useState, type ReactNode } from 'react';
import { PauseDialog } from '@/components/pause-dialog';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { api, newIdempotencyKey, unwrap } from '@/lib/api/client';
import { queries, type Job } from '@/lib/api/queries';
import { useAction } from '@/lib/api/use-action';
import { setJobEnabled } from '@/lib/api/use-enable-job';
import { useTranslations } from '@/lib/i18n';
import { requestNavigation } from '@/lib/navigation-guard';
import { useCan } from '@/lib/session';
import { toast } from '@/lib/toast';
import { offeredActs, type Act } from './acts';
import type { Command } from './commands';
import { actTranslations } from './translations';

const ICONS: Record<Act, LucideIcon> = { run: Play, pause: CirclePause, resume: CirclePlay, enable: Power, disable: PowerOff };
/** `null` as the job: the whole platform. */
type Wish = { act: Act; jobId: string | null };
export type ActCommand = Command & { isPending: boolean };

/** What the palette does: commands for jobs and for the platform, and the dialog of one that asks first. */
export function usePaletteActs(text: string, found: readonly Job[], onClose: () => void) {
  const t = useTranslations(actTranslations);
  const canWork = useCan('operator');
  const [asked, setAsked] = useState<Wish | null>(null);
  const perform = usePerform(onClose);
  const pageJobId = /^\/jobs\/([^/]+)$/.exec(usePathname())?.[1];
  const isOnJob = pageJobId !== undefined && pageJobId !== 'new';
  const ofPage = useQuery({ ...queries.job(decodeURIComponent(pageJobId ?? '')), enabled: isOnJob && canWork }).data;
  const paused = useQuery(queries.queue()).data?.paused ?? [];

  const command = (act: Act, jobId: string | null, label: string, also?: string): ActCommand => ({
    id: `act:${act}:${jobId ?? ''}`,
    icon: ICONS[act],
    label,
    also,
    isPending: perform.isPending && perform.variables?.act === act && perform.variables.jobId === jobId,
    // A pause and a disabled schedule stop work that people wait for: these ask first.
    run: () => (act === 'pause' || act === 'disable' ? setAsked({ act, jobId }) : perform.mutate({ act, jobId })),
  });
  const onJobs = canWork ? offeredActs(text, found, ofPage, paused).map(({ act, job }) => command(act, job.job_id, t[act](job.job_id))) : [];
  const isAllPaused = paused.some(({ scope }) => scope === 'all');
  const ofPlatform = !canWork
    ? []
    : isAllPaused
      ? [command('resume', null, t.resumeAll, 'resume everything lanjutkan semua')]
      : [{ ...command('pause', null, t.pauseAll, 'pause everything jeda semua'), icon: Pause }];

  let dialog: ReactNode = null;
  if (asked?.act === 'pause') dialog = <PauseDialog jobId={asked.jobId ?? undefined} onClose={onClose} />;
  if (asked?.act === 'disable' && asked.jobId !== null) {
    dialog = (
      <ConfirmDialog title={t.disableTitle(asked.jobId)} action={t.disableAct} pending={perform.isPending} onConfirm={() => perform.mutate(asked)} onClose={onClose}>
        <p>{t.disableText}</p>
      </ConfirmDialog>
    );
  }
  return { onJobs, ofPlatform, isBusy: perform.isPending, dialog };
}

/** Does what was chosen; the palette closes once the API has confirmed it. */
function usePerform(onClose: () => void) {
  const t = useTranslations(actTranslations);
  const router = useRouter();
  const client = useQueryClient();
  return useAction<{ run_id?: string }, Wish>({
    run: ({ act, jobId }) => request(act, jobId),
    onSuccess: ({ run_id: runId }, { act, jobId }) => {
      onClose();
      const href = runId && `/runs/${encodeURIComponent(runId)}`;
      const open = href && { label: t.openRun, onClick: () => requestNavigation(() => router.push(href)) };
      toast.success(jobId === null ? t.resumedAll : t.done(act, jobId), open ? { action: open } : undefined);
      const keys = act === 'resume' ? [['queue']] : act === 'run' ? [['queue'], ['run-counts']] : [['jobs'], ['job', jobId]];
      return Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}

async function request(act: Act, jobId: string | null): Promise<{ run_id?: string }> {
  if (act === 'resume') {
    await unwrap(api.POST('/resume', { body: jobId === null ? { scope: 'all', name: null } : { scope: 'job', name: jobId } }));
    return {};
  }
  if (jobId === null) throw new Error(`${act} needs a job`);
  if (act === 'run') {
    const params = { path: { job_id: jobId }, header: { 'Idempotency-Key': newIdempotencyKey() } };
    return unwrap(api.POST('/jobs/{job_id}/run', { params, body: {} }));
  }
  await setJobEnabled(jobId, act === 'enable');
  return {};
}
