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

/** Carries a remedy out through the API, and confirms it. */
export function useRemedy({ action, target }: Remedy) {
  const t = useTranslations(remedyTranslations);
  const lang = useLang();
  const router = useRouter();
  const run = async () => {
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
  return useAction({
    run,
    onSuccess: (_response, _values, _before, { client }) =>
      Promise.all(STALE.map((queryKey) => client.invalidateQueries({ queryKey }))),
  });
}
