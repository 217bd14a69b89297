'use client';

import { Check } from 'lucide-react';
import { cn } from '@/lib/cn';
import { useTranslations } from '@/lib/i18n';
import type { Step } from './steps';
import { wizardTranslations } from './translations';

type Props = { steps: readonly Step[]; step: Step; isOpen: (step: Step) => boolean; onGo: (step: Step) => void };

/** The list of steps; each open step is a link back. */
export function StepList({ steps, step, isOpen, onGo }: Props) {
  const t = useTranslations(wizardTranslations);
  const at = steps.indexOf(step);
  return (
    <nav aria-label={t.steps}>
      <p className="text-xs text-text-3 sm:hidden">
        {t.place(at + 1, steps.length)}
      </p>
      <ol className="flex gap-1 max-sm:mt-1 sm:grid sm:gap-0.5">
        {steps.map((each, index) => {
          const isCurrent = each === step;
          return (
            <li key={each} className="max-sm:flex-1">
              <button
                type="button"
                disabled={!isOpen(each)}
                aria-current={isCurrent ? 'step' : undefined}
                aria-label={`${index + 1}. ${t[each]}`}
                onClick={() => onGo(each)}
                className={cn(
                  'flex h-7 w-full items-center gap-2 rounded-control px-1.5 text-left text-sm max-sm:justify-center',
                  isCurrent ? 'bg-selected font-medium' : 'text-text-2 not-disabled:hover:bg-hover disabled:text-text-3',
                )}
              >
                <span
                  className={cn(
                    'grid size-4.5 shrink-0 place-items-center rounded-full border text-2xs leading-none',
                    isCurrent ? 'border-ink bg-ink text-on-ink' : index < at ? 'border-border-strong' : 'border-border',
                  )}
                >
                  {index < at ? <Check aria-hidden className="size-2.5" strokeWidth={3} /> : index + 1}
                </span>
                <span className="truncate max-sm:hidden">{t[each]}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </nav>
  );
}
