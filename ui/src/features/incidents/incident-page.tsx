'use client';

import { useQuery } from '@tanstack/react-query';
import { SearchX } from 'lucide-react';
import type { ReactNode } from 'react';
import { AcknowledgeButton } from '@/components/incidents/acknowledge-button';
import { Notes } from '@/components/incidents/incident-row';
import { SeverityBadge } from '@/components/incidents/severity-badge';
import { RemedyList } from '@/components/remedy/remedy-button';
import { AbsoluteTime, Elapsed, RelativeTime } from '@/components/time';
import { ButtonLink } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { Page } from '@/components/ui/page';
import { EmptyState, ErrorState, SkeletonRows } from '@/components/ui/states';
import { toApiError } from '@/lib/api/client';
import { queries, type Incident } from '@/lib/api/queries';
import { useLang, useTranslations } from '@/lib/i18n';
import { INCIDENT_KINDS, lastedMs } from '@/components/incidents/incidents';
import { useCan } from '@/lib/session';
import { formatDuration, formatNumber } from '@/lib/time';
import { CommentForm } from './comment-form';
import { Deliveries } from './deliveries';
import { SilenceMenu } from './silence-menu';
import { Timeline } from './timeline';
import { incidentsTranslations } from './translations';

/** One incident: what is wrong, what happened, who got a message, and what ends it. */
export function IncidentPage({ incidentId }: { incidentId: string }) {
  const t = useTranslations(incidentsTranslations);
  const { data: incident, error, refetch } = useQuery(queries.incident(incidentId));
  if (incident) return <IncidentContent incident={incident} />;
  const isMissing = error !== null && toApiError(error).status === 404;
  return (
    <Page title={incidentId}>
      <Card>
        {isMissing ? (
          <EmptyState icon={SearchX} title={t.missing}>
            <p>{t.missingHint}</p>
            <ButtonLink href="/incidents">{t.all}</ButtonLink>
          </EmptyState>
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <SkeletonRows rows={8} />
        )}
      </Card>
    </Page>
  );
}

function IncidentContent({ incident }: { incident: Incident }) {
  const t = useTranslations(incidentsTranslations);
  const canWork = useCan('operator');
  const isOpen = incident.closed_at === null;
  return (
    <Page
      title={incident.title}
      lead={<SeverityBadge incident={incident} />}
      actions={
        isOpen &&
        canWork && (
          <>
            <SilenceMenu incident={incident} />
            <AcknowledgeButton incident={incident} />
          </>
        )
      }
    >
      <div className="-mt-3 grid gap-1">
        {incident.cause && <p className="max-w-3xl break-words text-text-2">{incident.cause}</p>}
        <Notes incident={incident} />
      </div>
      <Facts incident={incident} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)]">
        <Card title={t.timeline}>
          <Timeline incident={incident} />
          {canWork && <CommentForm incident={incident} />}
        </Card>
        <div className="grid gap-4 max-xl:order-first">
          {isOpen && (
            <Card title={t.remedies}>
              <div className="p-3.5">
                {!canWork ? <p className="text-text-2">{t.needsRole}</p> : incident.actions.length > 0 ? <RemedyList remedies={incident.actions} incidentId={incident.id} /> : <p className="text-text-2">{t.noRemedy}</p>}
              </div>
            </Card>
          )}
          <Card title={t.deliveries}>
            <Deliveries incident={incident} />
          </Card>
        </div>
      </div>
    </Page>
  );
}

function Facts({ incident }: { incident: Incident }) {
  const t = useTranslations(incidentsTranslations);
  const lang = useLang();
  return (
    <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border bg-border lg:grid-cols-5">
      <Fact label={t.since}>
        <AbsoluteTime at={incident.since} />
      </Fact>
      <Fact label={t.duration}>{incident.closed_at === null ? <Elapsed from={incident.since} /> : formatDuration(lastedMs(incident, 0), lang)}</Fact>
      <Fact label={incident.closed_at === null ? t.lastSeen : t.closedAt}>
        {incident.closed_at === null ? (
          <>
            <RelativeTime at={incident.last_at} /> <span className="text-text-3">({t.times(formatNumber(incident.count, lang))})</span>
          </>
        ) : (
          <AbsoluteTime at={incident.closed_at} />
        )}
      </Fact>
      <Fact label={t.kindOf}>{INCIDENT_KINDS[incident.kind][lang]}</Fact>
      <Fact label={t.jobs} last>
        {incident.jobs.length === 0 ? (
          <span className="text-text-3">{t.none}</span>
        ) : (
          incident.jobs.map((job, index) => (
            <span key={job}>
              {index > 0 && ', '}
              <Link href={`/jobs/${encodeURIComponent(job)}`} className="break-words underline-offset-2 hover:underline">
                {job}
              </Link>
            </span>
          ))
        )}
      </Fact>
    </dl>
  );
}

function Fact({ label, last, children }: { label: ReactNode; last?: boolean; children: ReactNode }) {
  return (
    <div className={last ? 'col-span-2 min-w-0 bg-surface px-3.5 py-2 lg:col-span-1' : 'min-w-0 bg-surface px-3.5 py-2'}>
      <dt className="text-xs text-text-3">{label}</dt>
      <dd className="max-h-24 min-w-0 overflow-y-auto break-words">{children}</dd>
    </div>
  );
}
