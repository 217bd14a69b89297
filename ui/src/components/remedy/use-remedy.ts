'use client';

import { useRouter } from 'next/navigation';
import { api, newIdempotencyKey, unwrap } from '@/lib/api/client';
import { redriveDeadLetters } from '@/lib/api/dead-letters';
import { useAction } from '@/lib/api/use-action';
import { setJobEnabled } from '@/lib/api/use-enable-job';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { toast } from '@/lib/toast';
import { lettersOf, scopeOf, type Remedy } from './places';
import { remedyTranslations } from './translations';

const STALE = [['incidents'], ['incident'], ['queue'], ['jobs'], ['job'], ['job-why'], ['dead-letters'], ['dead-letter-runs']];

/** Notes in the timeline of an incident that a remedy was used. */
export async function noteRemedy(incidentId: string, { action, target }: Remedy): Promise<void> {
  const params = { path: { incident_id: incidentId } };
  await unwrap(api.POST('/incidents/{incident_id}/remedied', { params, body: { action, target } }));
}

/** Carries a remedy out through the API, confirms it, and notes it in the incident that shows it. */
export function useRemedy(remedy: Remedy, incidentId?: string) {
  const { action, target } = remedy;
  const t = useTranslations(remedyTranslations);
  const lang = useLang();
  const router = useRouter();
  const perform = async () => {
    switch (action) {
      case 'enable':
        await setJobEnabled(target, true);
        return toast.success(t.enabled);
      case 'resume':
        await unwrap(api.POST('/resume', { body: scopeOf(target) }));
        return toast.success(t.resumed);
      case 'redrive': {
        const { done } = await redriveDeadLetters(lettersOf(target), newIdempotencyKey());
        return done > 0 ? toast.success(t.redriven(formatNumber(done, lang), done === 1)) : toast.error(t.noneLeft);
      }
      case 'run_now': {
        const params = { path: { job_id: target }, header: { 'Idempotency-Key': newIdempotencyKey() } };
        const { run_id: runId } = await unwrap(api.POST('/jobs/{job_id}/run', { params, body: {} }));
        const open = { label: t.open, onClick: () => router.push(`/runs/${encodeURIComponent(runId)}`) };
        return toast.success(t.started, { action: open });
      }
    }
  };
  const run = async () => {
    await perform();
    if (incidentId !== undefined) await noteRemedy(incidentId, remedy);
  };
  return useAction({
    run,
    onSuccess: (_response, _values, _before, { client }) =>
      Promise.all(STALE.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
