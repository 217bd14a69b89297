'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button, ButtonLink } from '@/components/ui/button';
import { useLang, useTranslations } from '@/lib/i18n';
import { Can } from '@/lib/session';
import { accountState } from '../accounts';
import { AccountBadge } from '../check-result';
import { JobLinks } from '../job-links';
import { planHref } from '../plan-href';
import { availability, defaultNotify, type Account } from '../queries';
import { StepFrame } from './step-frame';
import { wizardTranslations } from './translations';

function Row({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[140px_minmax(0,1fr)] items-center gap-3 border-b px-3 py-1.5 last:border-0">
      <dt className="text-xs text-text-3">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </div>
  );
}

/** A summary of the setup, and next steps. */
export function DoneStep({ account, onBack, onClose }: { account: Account; onBack: () => void; onClose: () => void }) {
  const t = useTranslations(wizardTranslations);
  const lang = useLang();
  const notify = useQuery(defaultNotify()).data;
  const jobIds = useQuery(availability(account.channel, account.account_id)).data?.job_ids ?? [];
  const isDefaultRecipient = account.default_to !== null && notify?.value === `${account.name}:${account.default_to}`;
  return (
    <StepFrame
      title={t.done}
      lead={t.doneLead}
      onBack={onBack}
      actions={
        <>
          {jobIds.length === 0 && account.channel !== 'sandbox' && (
            <Can role="operator">
              <ButtonLink href={planHref(account.channel, account.account_id, lang)}>{t.plan}</ButtonLink>
            </Can>
          )}
          <Button variant="primary" onClick={onClose}>
            {t.finish}
          </Button>
        </>
      }
    >
      <dl className="rounded-card border">
        <Row label={t.sumAccount}>{account.name}</Row>
        <Row label={t.sumState}>
          <AccountBadge state={accountState(account)} />
        </Row>
        <Row label={t.sumTo}>
          {account.default_to ? <code className="font-mono text-xs">{account.default_to}</code> : t.none}
        </Row>
        <Row label={t.sumNotify}>{isDefaultRecipient ? t.here : t.elsewhere}</Row>
        {jobIds.length > 0 && (
          <Row label={t.watched}>
            <JobLinks jobIds={jobIds} />
          </Row>
        )}
      </dl>
    </StepFrame>
  );
}
