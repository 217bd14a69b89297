'use client';

import { Button } from '@/components/ui/button';
import { ConfirmDialog } from '@/components/ui/confirm-dialog';
import { Dialog } from '@/components/ui/dialog';
import { Link } from '@/components/ui/link';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import type { BulkMatchState } from './use-bulk-matching';
import { bulkMatchingTranslations } from './bulk-matching-translations';
import { runsHref } from './search-params-client';

type Props = { state: BulkMatchState; onStart: () => void; onStop: () => void; onClose: () => void };

/** A bulk action on all runs that match: count, confirmation, progress and result. */
export function BulkMatchingDialog({ state, onStart, onStop, onClose }: Props) {
  const t = useTranslations(bulkMatchingTranslations);
  const lang = useLang();
  const isCancel = state.act === 'cancel';
  const count = formatNumber(state.matched, lang);
  if (state.step === 'asked') {
    if (state.matched === 0) {
      return (
        <Dialog onClose={onClose} title={t.none} footer={<Button onClick={onClose}>{t.close}</Button>}>
          <p className="text-sm text-text-2">{isCancel ? t.onlyActive : t.onlyEnded}</p>
        </Dialog>
      );
    }
    return (
      <ConfirmDialog
        onClose={onClose}
        title={(isCancel ? t.cancelTitle : t.rerunTitle)(count, state.matched === 1)}
        action={(isCancel ? t.cancelAct : t.rerunAct)(count)}
        danger={isCancel}
        onConfirm={onStart}
      >
        <p>{isCancel ? t.cancelText : t.rerunText}</p>
      </ConfirmDialog>
    );
  }
  if (state.step === 'ended') return <BulkResult state={state} onStart={onStart} onClose={onClose} />;
  const isCounting = state.step === 'counting';
  const handled = state.done + refusedOf(state);
  return (
    <Dialog
      onClose={onStop}
      title={isCounting ? t.counting : isCancel ? t.cancelling : t.rerunning}
      footer={<Button onClick={onStop}>{t.stop}</Button>}
    >
      <div className="grid gap-2 text-sm text-text-2 tabular-nums">
        <progress
          aria-label={t.progress}
          value={isCounting ? state.searched : handled}
          max={Math.max(isCounting ? state.total : state.matched, 1)}
          className="h-1.5 w-full accent-ink"
        />
        {isCounting && <p>{t.searching(formatNumber(state.searched, lang), formatNumber(state.total, lang))}</p>}
        <p>{isCounting ? t.matched(count) : t.working(formatNumber(handled, lang), count)}</p>
      </div>
    </Dialog>
  );
}

function refusedOf(state: BulkMatchState): number {
  return state.refused.reduce((sum, each) => sum + each.count, 0);
}

/** The result: counts, refusals by reason, a link to the new runs, and Continue. */
function BulkResult({ state, onStart, onClose }: Omit<Props, 'onStop'>) {
  const t = useTranslations(bulkMatchingTranslations);
  const lang = useLang();
  const isCancel = state.act === 'cancel';
  const isCount = state.traceId === '' || (state.done === 0 && refusedOf(state) === 0);
  const title = isCount ? t.nothing : (isCancel ? t.cancelDone : t.rerunDone)(formatNumber(state.done, lang));
  // A stopped count cannot be continued: only an action can.
  const canContinue = state.halt !== null && state.cursor !== null && !isCount;
  return (
    <Dialog
      onClose={onClose}
      title={title}
      footer={
        <>
          {canContinue && <Button onClick={onStart}>{t.goOn}</Button>}
          <Button variant="primary" onClick={onClose}>
            {t.close}
          </Button>
        </>
      }
    >
      <div role="status" className="grid gap-2 text-sm text-text-2">
        {state.halt && <p>{state.halt.detail || t.stopped}</p>}
        {state.refused.length > 0 && (
          <ul aria-label={t.refused(formatNumber(refusedOf(state), lang))} className="grid gap-1">
            {state.refused.map(({ code, count, samples }) => (
              <li key={code}>
                {t.refused(formatNumber(count, lang))}: {t.reason(code)}{' '}
                <code className="font-mono text-xs break-all text-text-3">{samples.join(', ')}</code>
              </li>
            ))}
          </ul>
        )}
        {!isCancel && state.done > 0 && (
          <Link href={runsHref('/runs', { trace: state.traceId })} className="text-text underline underline-offset-2" onClick={onClose}>
            {t.newRuns}
          </Link>
        )}
      </div>
    </Dialog>
  );
}
