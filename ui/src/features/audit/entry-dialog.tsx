'use client';

import type { ReactNode } from 'react';
import { FieldDiff } from '@/components/diff';
import { AbsoluteTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { useTranslations } from '@/lib/i18n';
import type { AuditEntry } from './queries';
import { OutcomeBadge, Target, useActionName } from './columns';
import { translations } from './translations';

type Props = { entry: AuditEntry; onClose: () => void; onKey: (keyId: string) => void };

/** One audit entry in full: actor, key, session, origin, changes, trace id. `onKey` shows all acts with its key. */
export function EntryDialog({ entry, onClose, onKey }: Props) {
  const t = useTranslations(translations);
  const act = useActionName();
  return (
    <Dialog onClose={onClose} title={act(entry.action)} description={entry.action} className="w-[min(760px,calc(100vw-32px))]">
      <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[112px_minmax(0,1fr)]">
        <Fact name={t.time}>
          <AbsoluteTime at={entry.at} />
        </Fact>
        <Fact name={t.actor}>
          {entry.actor} {entry.role && <span className="text-text-3">{entry.role}</span>}
        </Fact>
        {entry.key_id && (
          <Fact name={t.keyId}>
            <span className="flex flex-wrap items-center gap-2">
              <code className="font-mono text-xs break-all">{entry.key_id}</code>
              <Button size="small" variant="ghost" onClick={() => onKey(entry.key_id)}>
                {t.onlyKey}
              </Button>
            </span>
          </Fact>
        )}
        {entry.session_id && (
          <Fact name={t.session}>
            <code className="font-mono text-xs break-all">{entry.session_id}</code>
          </Fact>
        )}
        <Fact name={t.target}>
          <Target target={entry.target} />
        </Fact>
        <Fact name={t.outcome}>
          <OutcomeBadge entry={entry} />
        </Fact>
        <Fact name={t.origin}>{entry.origin === 'cli' ? t.cli : entry.origin || t.unknown}</Fact>
        {entry.trace_id && (
          <Fact name={t.trace}>
            <span className="flex items-center gap-1">
              <code className="font-mono text-xs break-all">{entry.trace_id}</code>
              <CopyButton text={entry.trace_id} label={t.copyTrace} />
            </span>
          </Fact>
        )}
      </dl>
      {entry.skipped > 0 && <p className="mt-3 text-xs text-text-2">{t.skipped(entry.skipped)}</p>}
      <h3 className="mt-4 mb-2 border-t pt-3 text-sm font-semibold">{t.changes}</h3>
      {entry.diff.length > 0 ? <FieldDiff changes={entry.diff} /> : <p className="text-xs text-text-3">{t.noChanges}</p>}
    </Dialog>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-xs leading-5 text-text-3">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  );
}
