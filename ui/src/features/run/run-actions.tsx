'use client';

import { useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { toast } from '@/lib/toast';
import { Button } from '@/components/ui/button';
import { Kbd } from '@/components/ui/kbd';
import { useAction } from '@/lib/api/use-action';
import { ApiError, api, newIdempotencyKey, unwrap } from '@/lib/api/client';
import { discardDeadLetters, redriveDeadLetters, type DeadLetterResult } from '@/lib/api/dead-letters';
import { useHotkey } from '@/lib/hotkeys';
import { useTranslations } from '@/lib/i18n';
import type { RunDetail } from '@/lib/api/queries';
import { RUN_STATES } from '@/lib/run-states';
import { runTranslations } from './translations';

const ConfirmDialog = dynamic(() => import('@/components/ui/confirm-dialog').then((module) => module.ConfirmDialog), { ssr: false });
const RerunDialog = dynamic(() => import('@/components/rerun-dialog').then((module) => module.RerunDialog), { ssr: false });

/** The actions on a run; an action stays pending until the run's state confirms it. */
export function RunActions({ run }: { run: RunDetail }) {
  const t = useTranslations(runTranslations);
  const router = useRouter();
  const [asked, setAsked] = useState<'rerun' | 'cancel' | 'discard' | null>(null);
  const isActive = RUN_STATES[run.status].isActive;
  const close = () => setAsked(null);
  const cancel = useCancel(run, close);
  const redrive = useRedrive(run);
  const discard = useDiscard(run, close);
  const isDead = run.status === 'failed' && run.dead_letter;
  useHotkey('r', t.rerunKey, () => setAsked('rerun'));
  useHotkey('x', t.cancelKey, () => setAsked('cancel'), isActive && !run.cancel_requested);
  return (
    <>
      {isDead && (
        <>
          <Button variant="danger" onClick={() => setAsked('discard')}>
            {t.discard}
          </Button>
          <Button variant="primary" pending={redrive.isPending} onClick={() => redrive.mutate()}>
            {redrive.isPending ? t.redriving : t.redrive}
          </Button>
        </>
      )}
      <Button onClick={() => setAsked('rerun')}>
        {t.rerun} <Kbd>R</Kbd>
      </Button>
      {isActive && (
        <Button variant="danger" pending={cancel.isPending || run.cancel_requested} onClick={() => setAsked('cancel')}>
          {cancel.isPending || run.cancel_requested ? (
            t.cancelling
          ) : (
            <>
              {t.cancel} <Kbd>X</Kbd>
            </>
          )}
        </Button>
      )}
      {asked === 'rerun' && (
        <RerunDialog run={run} onClose={close} onStarted={(id) => router.push(`/runs/${encodeURIComponent(id)}`)} />
      )}
      {asked === 'cancel' && (
        <ConfirmDialog
          onClose={close}
          title={t.cancelTitle}
          action={t.cancel}
          danger
          pending={cancel.isPending}
          onConfirm={() => cancel.mutate()}
        >
          <p>{run.status === 'running' ? t.cancelRunning : t.cancelWaiting}</p>
        </ConfirmDialog>
      )}
      {asked === 'discard' && (
        <ConfirmDialog
          onClose={close}
          title={t.discardTitle}
          action={t.discardAct}
          danger
          pending={discard.isPending}
          onConfirm={() => discard.mutate()}
        >
          <p>{t.discardText}</p>
        </ConfirmDialog>
      )}
    </>
  );
}

/** Refetch the run and wait, so that the page shows its new state. */
function useRefetchRun(runId: string): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ['run', runId] });
}

function useCancel(run: RunDetail, close: () => void) {
  const refetch = useRefetchRun(run.run_id);
  return useAction({
    run: () => unwrap(api.POST('/runs/{run_id}/cancel', { params: { path: { run_id: run.run_id } } })),
    onSuccess: async () => {
      close();
      await refetch();
    },
    onError: close,
  });
}

/** A request for one dead letter fails if the API refuses that letter. */
function throwIfRefused({ failed }: DeadLetterResult): void {
  const refused = failed[0];
  if (refused) throw new ApiError(409, refused.code, refused.code, refused.run_id, '');
}

function useRedrive(run: RunDetail) {
  const refetch = useRefetchRun(run.run_id);
  const [key] = useState(newIdempotencyKey);
  return useAction({
    run: async () => throwIfRefused(await redriveDeadLetters({ run_ids: [run.run_id] }, `${key}-${run.rev}`)),
    onSuccess: refetch,
  });
}

function useDiscard(run: RunDetail, close: () => void) {
  const t = useTranslations(runTranslations);
  const refetch = useRefetchRun(run.run_id);
  return useAction({
    run: async () => throwIfRefused(await discardDeadLetters({ run_ids: [run.run_id] })),
    onSuccess: async () => {
      close();
      await refetch();
      toast.success(t.discarded);
    },
    onError: close,
  });
}
