'use client';

import { useQueries } from '@tanstack/react-query';
import { StateIcon } from '@/components/state-badge';
import { Button, ButtonLink } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Link } from '@/components/ui/link';
import type { DeadLetterResult } from '@/lib/api/dead-letters';
import { queries } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { RUN_STATES, stateOf } from '@/lib/run-states';
import { formatNumber } from '@/lib/time';
import { outcomeTranslations } from './outcome-translations';

export type DeadLetterOutcome = { kind: 'redrive' | 'discard'; result: DeadLetterResult };

/** The runs that are followed one by one. */
const FOLLOWED = 20;

type Props = { outcome: DeadLetterOutcome; jobId: string | null; onClose: () => void };

/** What a redrive or a discard has done: how many, which ones it left alone, and how the redriven runs end. */
export function OutcomeDialog({ outcome: { kind, result }, jobId, onClose }: Props) {
  const t = useTranslations(outcomeTranslations);
  const lang = useLang();
  const number = (value: number) => formatNumber(value, lang);
  const { done, failed, runIds } = result;
  const title = done === 0 ? t.nothing : t[kind === 'redrive' ? 'redriven' : 'discarded'](number(done), done === 1);
  return (
    <Dialog
      onClose={onClose}
      title={title}
      footer={
        <>
          {kind === 'redrive' && done > 0 && <ButtonLink href={jobId ? `/runs?job=${encodeURIComponent(jobId)}` : '/runs'}>{t.toRuns}</ButtonLink>}
          <Button variant="primary" onClick={onClose}>
            {t.close}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 text-sm" data-outcome={kind}>
        {runIds.length > 0 && <Followed runIds={runIds.slice(0, FOLLOWED)} total={done} />}
        {failed.length > 0 && (
          <section className="grid gap-1.5">
            <h3 className="font-medium text-tone-text tone-fail">{t.refused(number(failed.length), failed.length === 1)}</h3>
            <ul className="grid gap-1">
              {failed.map(({ run_id: runId, code }) => (
                <li key={runId} className="break-words text-text-2">
                  <code className="font-mono text-xs break-all text-text">{runId}</code>: {t.codes(code)}
                </li>
              ))}
            </ul>
          </section>
        )}
      </div>
    </Dialog>
  );
}

/** The redriven runs with their present state; events of the stream keep it current. */
function Followed({ runIds, total }: { runIds: readonly string[]; total: number }) {
  const t = useTranslations(outcomeTranslations);
  const lang = useLang();
  const number = (value: number) => formatNumber(value, lang);
  const found = useQueries({ queries: runIds.map((runId) => queries.run(runId)) });
  const runs = found.flatMap(({ data }) => (data ? [data] : []));
  const count = (is: (run: (typeof runs)[number]) => boolean) => runs.filter(is).length;
  const parts = [
    { n: count((run) => run.status === 'success'), text: t.succeeded },
    { n: count((run) => run.status === 'failed'), text: t.failed },
    { n: count((run) => RUN_STATES[run.status].isActive), text: t.active },
  ].filter(({ n }) => n > 0);
  return (
    <section className="grid gap-2">
      <p aria-live="polite" className="font-medium">
        {parts.map(({ n, text }) => text(number(n))).join(' · ') || '…'}
        {total > runIds.length && <span className="font-normal text-text-3"> {t.shown(number(runIds.length))}</span>}
      </p>
      <ul aria-label={t.list} className="grid gap-1">
        {runIds.map((runId, index) => {
          const run = found[index]?.data;
          return (
            <li key={runId} className="flex min-w-0 items-center gap-2">
              {run ? <StateIcon state={stateOf(run)} /> : <span className="size-3.5" />}
              <Link href={`/runs/${encodeURIComponent(runId)}`} className="min-w-0 truncate underline-offset-2 hover:underline" title={runId}>
                {run && <span className="mr-2 font-medium">{run.job_id}</span>}
                <code className="font-mono text-xs text-text-2">{runId}</code>
              </Link>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
