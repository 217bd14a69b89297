'use client';

import { TriangleAlert } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import type { Schemas } from '@/lib/api/client';
import { useTranslations } from '@/lib/i18n';
import { keyTranslations } from './key-translations';

export type NewKey = { key: Schemas['KeyCreated']; session: 'same' | 'new' | 'lost' };

/** The new key, shown once. */
export function NewKeyDialog({ made, onClose }: { made: NewKey; onClose: () => void }) {
  const t = useTranslations(keyTranslations);
  const close = () => {
    onClose();
    // The session has changed: reload everything.
    if (made.session !== 'same') window.location.reload();
  };
  return (
    <Dialog
      onClose={close}
      title={t.madeTitle(made.key.name)}
      footer={
        <Button variant="primary" onClick={close}>
          {t.iHave}
        </Button>
      }
    >
      <div className="grid gap-3 text-sm">
        <p className="flex gap-2 rounded-control border bg-tone-bg px-3 py-2 text-tone-text tone-retry">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-tone" />
          {made.key.key ? t.once : t.gone}
        </p>
        {made.key.key && (
          <p className="flex items-center gap-2 rounded-control border bg-raised px-3 py-2">
            <code aria-label={t.keyLabel} data-new-key className="min-w-0 flex-1 font-mono text-xs break-all">
              {made.key.key}
            </code>
            <CopyButton text={made.key.key} label={t.copy} />
          </p>
        )}
        {made.session === 'new' && <p className="text-text-2">{t.signedIn}</p>}
        {made.session === 'lost' && <p className="text-text-2">{t.stay}</p>}
      </div>
    </Dialog>
  );
}
