'use client';

import { useId } from 'react';
import type { Schemas } from '@/lib/api/client';
import { useLang, useTranslations } from '@/lib/i18n';
import { formTranslations } from './translations';
import { typeTexts } from '@/lib/job-type-texts';

type Props = {
  types: readonly Schemas['JobTypeBody'][];
  value: string;
  onValue: (type: string) => void;
  error?: string;
};

/** The job types as cards with their descriptions. */
export function TypePicker({ types, value, onValue, error }: Props) {
  const t = useTranslations(formTranslations);
  const lang = useLang();
  const id = useId();
  return (
    <fieldset
      role="radiogroup"
      aria-required
      aria-invalid={error ? true : undefined}
      aria-describedby={error && `${id}-note`}
      className="min-w-0"
    >
      <legend className="mb-1 text-xs font-medium text-text-2">{t.type} *</legend>
      <div className="grid gap-2 sm:grid-cols-2">
        {types.map((each) => {
          const texts = typeTexts(each, lang);
          return (
            <label
              key={each.type}
              className="relative grid content-start gap-0.5 rounded-card border px-3 py-2 transition-colors duration-[120ms] hover:bg-hover has-checked:border-ink has-checked:bg-selected has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus"
            >
              <span className="flex items-start gap-2">
                <input
                  type="radio"
                  name={id}
                  value={each.type}
                  checked={each.type === value}
                  aria-describedby={`${id}-${each.type}`}
                  onChange={() => onValue(each.type)}
                  className="mt-[3px] size-3.5 shrink-0 accent-ink outline-none"
                />
                <span className="min-w-0">
                  <span className="block text-sm font-medium">{texts.name}</span>
                  {texts.name !== each.type && <span className="block font-mono text-xs text-text-2">{each.type}</span>}
                </span>
              </span>
              <span id={`${id}-${each.type}`} className="pl-[22px] text-xs text-text-2">
                {texts.about}
              </span>
            </label>
          );
        })}
      </div>
      {error && (
        <p id={`${id}-note`} className="mt-1 text-xs text-tone-text tone-fail">
          {error}
        </p>
      )}
    </fieldset>
  );
}
