'use client';

import { Card } from '@/components/ui/card';
import { defineTranslations, useTranslations } from '@/lib/i18n';
import { useSession } from '@/lib/session';

const translations = defineTranslations(
  { limited: 'Your key is limited to these jobs:', hidden: 'Figures of the whole deployment are not shown.' },
  { limited: 'Kunci Anda terbatas pada job ini:', hidden: 'Angka seluruh sistem tidak ditampilkan.' },
);

/** Which jobs a key with a scope reaches, so that nobody takes a part for the whole. */
export function ScopeNote() {
  const t = useTranslations(translations);
  const { scope = [] } = useSession();
  return (
    <Card>
      <p className="px-3.5 py-2.5 text-sm text-text-2">
        {t.limited} <code className="font-mono text-xs break-all text-text">{scope.join(' ')}</code>. {t.hidden}
      </p>
    </Card>
  );
}
