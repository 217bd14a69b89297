'use client';

import { CircleDot, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { useLang, useTranslations } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { formTranslations } from './translations';
import type { JobFormState } from './use-job-form';

type Props = { state: JobFormState; isNew: boolean; isBlocked: boolean; backHref: string };

/** The actions of the form, always visible. */
export function ActionBar({ state, isNew, isBlocked, backHref }: Props) {
  const t = useTranslations(formTranslations);
  return (
    <div className="sticky bottom-0 z-20 -mx-4 -mb-10 flex flex-wrap items-center gap-2 border-t bg-canvas px-4 py-3 lg:-mx-6 lg:px-6">
      <Status state={state} isNew={isNew} isBlocked={isBlocked} />
      <div className="ml-auto flex flex-wrap gap-2">
        <ButtonLink href={backHref}>{t.cancel}</ButtonLink>
        <Button onClick={state.check} pending={state.isChecking} disabled={isBlocked}>
          {t.check}
        </Button>
        <Button
          variant="primary"
          onClick={() => state.save()}
          pending={state.isSaving}
          disabled={isBlocked || state.isSaved || (!isNew && !state.isDirty)}
        >
          {isNew ? t.create : t.save}
        </Button>
      </div>
    </div>
  );
}

function Status({ state, isNew, isBlocked }: Omit<Props, 'backHref'>) {
  const t = useTranslations(formTranslations);
  const lang = useLang();
  const errorCount = Object.keys(state.errors).length;
  let status: ReactNode = null;
  if (isBlocked) status = <ErrorText>{t.jsonBlocks}</ErrorText>;
  else if (state.problem) {
    const { title, detail, traceId } = state.problem;
    status = (
      <ErrorText>
        {title}: {detail} {traceId && <code className="font-mono">{traceId}</code>}
        {traceId && <CopyButton text={traceId} />}
      </ErrorText>
    );
  } else if (errorCount > 0) status = <ErrorText>{t.problems(formatNumber(errorCount, lang))}</ErrorText>;
  else if (state.isDirty) {
    status = (
      <span className="flex items-center gap-1.5 text-text-2">
        <CircleDot aria-hidden className="size-3.5" />
        {t.unsaved}
      </span>
    );
  } else if (!isNew) status = <span className="text-text-3">{t.nothing}</span>;
  return (
    <div role="status" className="min-w-0 text-xs">
      {status}
    </div>
  );
}

function ErrorText({ children }: { children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5 text-tone-text tone-fail">
      <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </span>
  );
}
