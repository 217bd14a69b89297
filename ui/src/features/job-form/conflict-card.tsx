'use client';

import { GitCompareArrows } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { JsonObject } from '@/components/schema-form';
import { FieldDiff } from '@/components/diff';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { useTranslations } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import { formTranslations } from './translations';
import { differences, specOf } from './spec';

type Props = {
  mine: JsonObject;
  /** The version that the user started to edit. */
  version: number;
  /** The stored job; null if it was deleted. */
  theirs: Job | null;
  isSaving: boolean;
  /** The number of refused saves: each one scrolls this into view. */
  refusals: number;
  onLoadTheirs: () => void;
  onKeepMine: () => void;
};

/** The job was saved or deleted by someone else meanwhile: show the changes, load them, or overwrite them. */
export function ConflictCard({ mine, version, theirs, isSaving, refusals, onLoadTheirs, onKeepMine }: Props) {
  const t = useTranslations(formTranslations);
  const [isOpen, setOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (refusals === 0) return;
    box.current?.scrollIntoView({ block: 'center' });
    box.current?.focus({ preventScroll: true });
  }, [refusals]);
  if (theirs === null) {
    return (
      <div ref={box} tabIndex={-1} className="rounded-card outline-none">
        <Card role="alert" className="bg-tone-bg px-3.5 py-2.5 text-sm text-tone-text tone-fail">
          {t.gone}
        </Card>
      </div>
    );
  }
  return (
    <div ref={box} tabIndex={-1} className="rounded-card">
      <Card role="alert" className="grid gap-3 p-3.5">
        <div className="flex gap-2.5">
          <GitCompareArrows aria-hidden className="mt-0.5 size-4 shrink-0 text-tone tone-retry" />
          <div className="min-w-0">
            <h2 className="text-sm font-semibold">{t.changedTitle}</h2>
            <p className="text-sm text-text-2">{t.changedText(String(version), String(theirs.version))}</p>
          </div>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? t.hide : t.look}
          </Button>
          <Button onClick={onLoadTheirs}>{t.loadTheirs}</Button>
          <Button variant="danger" pending={isSaving} onClick={onKeepMine}>
            {t.keepMine}
          </Button>
        </div>
        {isOpen && (
          <div className="grid gap-2 border-t pt-3">
            <p className="text-xs text-text-2">{t.mineToTheirs}</p>
            <FieldDiff changes={differences(mine, specOf(theirs))} />
          </div>
        )}
      </Card>
    </div>
  );
}
