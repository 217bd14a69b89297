'use client';

import { FieldDiff } from '@/components/diff';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { Schemas } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { formTranslations } from './translations';

type Props = {
  result: Schemas['SpecCheckBody'];
  isNew: boolean;
  isSaving: boolean;
  onSave: () => void;
  onClose: () => void;
};

/** The changes that saving would make; nothing is saved yet. */
export function CheckDialog({ result, isNew, isSaving, onSave, onClose }: Props) {
  const t = useTranslations(formTranslations);
  const titles = {
    created: t.checkCreated,
    updated: t.checkUpdated(String(result.version ?? '')),
    unchanged: t.checkUnchanged,
  };
  return (
    <Dialog
      onClose={onClose}
      title={titles[result.change]}
      description={t.checkFine}
      className="w-[min(760px,calc(100vw-32px))]"
      footer={
        <>
          <Button onClick={onClose}>{t.cancel}</Button>
          {result.change !== 'unchanged' && (
            <Button variant="primary" pending={isSaving} onClick={onSave}>
              {isNew ? t.create : t.save}
            </Button>
          )}
        </>
      }
    >
      <FieldDiff changes={result.changes} />
    </Dialog>
  );
}
