'use client';

import { CircleDot, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy';
import { inLanguage, useLang, useWords } from '@/lib/i18n';
import { formatNumber } from '@/lib/time';
import { formWords as words } from './form-words';
import type { JobFormState } from './use-job-form';

type Props = { state: JobFormState; isNew: boolean; isBlocked: boolean; backHref: string };

/** What can be done with the edits, always in sight. */
export function ActionBar({ state, isNew, isBlocked, backHref }: Props) {
  const t = useWords(words);
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
  const t = useWords(words);
  const lang = useLang();
  const wrong = Object.keys(state.errors).length;
  let says: ReactNode = null;
  if (isBlocked) says = <Wrong>{t.jsonBlocks}</Wrong>;
  else if (state.problem) {
    const { title, detail, traceId } = state.problem;
    says = (
      <Wrong>
        {title}: {inLanguage(detail, lang)} {traceId && <code className="font-mono">{traceId}</code>}
        {traceId && <CopyButton text={traceId} />}
      </Wrong>
    );
  } else if (wrong > 0) says = <Wrong>{t.problems(formatNumber(wrong, lang))}</Wrong>;
  else if (state.isDirty) {
    says = (
      <span className="flex items-center gap-1.5 text-text-2">
        <CircleDot aria-hidden className="size-3.5" />
        {t.unsaved}
      </span>
    );
  } else if (!isNew) says = <span className="text-text-3">{t.nothing}</span>;
  return (
    <div role="status" className="min-w-0 text-xs">
      {says}
    </div>
  );
}

function Wrong({ children }: { children: ReactNode }) {
  return (
    <span className="flex items-center gap-1.5 text-tone-text tone-fail">
      <TriangleAlert aria-hidden className="size-3.5 shrink-0" />
      <span className="min-w-0 break-words">{children}</span>
    </span>
  );
}
