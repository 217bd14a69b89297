'use client';

import { useQuery } from '@tanstack/react-query';
import { Button } from '@/components/ui/button';
import { Command, Skeleton } from '@/components/ui/states';
import { useTranslations } from '@/lib/i18n';
import { Can } from '@/lib/session';
import type { MissingAccount } from './accounts';
import { AvailabilityStrip } from './availability-strip';
import { AccountBadge } from './check-result';
import { JobLinks } from './job-links';
import { availability } from './queries';
import { translations } from './translations';

/** An account that a monitor watches but that is not configured. */
export function MissingAccountCard({ missing, onSetUp }: { missing: MissingAccount; onSetUp: (() => void) | null }) {
  const t = useTranslations(translations);
  const { channel, accountId } = missing;
  const name = `${channel}:${accountId}`;
  const history = useQuery(availability(channel, accountId));
  return (
    <article aria-label={name} className="grid min-w-0 content-start gap-3 rounded-card border border-dashed bg-surface p-3.5">
      <div className="flex min-h-7 items-center gap-2">
        <AccountBadge state="not_configured" />
        <h3 className="min-w-0 truncate font-semibold" title={name}>
          {accountId}
        </h3>
        {onSetUp && (
          <Can role="admin">
            <Button className="ml-auto" onClick={onSetUp}>
              {t.setUp}
            </Button>
          </Can>
        )}
      </div>
      <p className="text-xs text-text-2">{onSetUp ? t.missing : t.unserved}</p>
      {history.data && history.data.quarters.length > 0 ? (
        <AvailabilityStrip quarters={history.data.quarters} name={name} />
      ) : (
        history.isPending && <Skeleton className="h-[38px]" />
      )}
      <p className="truncate">
        <span className="block text-xs text-text-3">{t.watched}</span>
        <JobLinks jobIds={missing.jobIds} />
      </p>
      {onSetUp && (
        <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-text-2">
          {t.byCommand} <Command text={`multi-job connect ${channel} ${accountId}`} />
        </p>
      )}
    </article>
  );
}
