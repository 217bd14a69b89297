'use client';

import { useEffect, useRef, type ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { useTranslations } from '@/lib/i18n';
import { wizardTranslations } from './translations';

type Props = {
  title: string;
  lead?: ReactNode;
  children?: ReactNode;
  onBack?: () => void;
  /** Makes the step a form. */
  onSubmit?: () => void;
  actions?: ReactNode;
};

/** A step: title, content, and buttons to go back and on. It takes the focus when it appears. */
export function StepFrame({ title, lead, children, onBack, onSubmit, actions }: Props) {
  const t = useTranslations(wizardTranslations);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const content = (
    <>
      <div>
        <h3 ref={heading} tabIndex={-1} className="text-base font-semibold focus-visible:outline-none">
          {title}
        </h3>
        {lead && <p className="text-text-2">{lead}</p>}
      </div>
      {children}
      <div className="mt-auto flex flex-wrap items-center gap-2 pt-2">
        {onBack && <Button onClick={onBack}>{t.back}</Button>}
        <div className="ml-auto flex flex-wrap gap-2">{actions}</div>
      </div>
    </>
  );
  if (!onSubmit) return content;
  return (
    <form
      className="contents"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {content}
    </form>
  );
}
