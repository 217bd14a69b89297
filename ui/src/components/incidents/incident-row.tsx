'use client';

import { BellOff, Check, Wrench, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { RemedyButton } from '@/components/remedy/remedy-button';
import { Elapsed, RelativeTime, ShortTime } from '@/components/time';
import { Link } from '@/components/ui/link';
import type { Incident } from '@/lib/api/queries';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { incidentHref, lastedMs } from '@/components/incidents/incidents';
import { useNow } from '@/lib/now';
import { useSession } from '@/lib/session';
import { formatDuration, formatNumber, formatSoon } from '@/lib/time';
import { AcknowledgeButton } from './acknowledge-button';
import { DeliveryText } from './delivery-text';
import { SeverityBadge } from './severity-badge';
import { incidentTranslations } from './translations';

const MAX_JOBS = 3;

/** A list of incidents. */
export function IncidentRows({ label, incidents }: { label: string; incidents: readonly Incident[] }) {
  return (
    <ul aria-label={label} className="@container">
      {incidents.map((each) => (
        <IncidentRow key={each.id} incident={each} />
      ))}
    </ul>
  );
}

/** An incident in a list: what is wrong, since when, which jobs, who got a message, and what ends it. */
function IncidentRow({ incident }: { incident: Incident }) {
  const t = useTranslations(incidentTranslations);
  const isOpen = incident.closed_at === null;
  const first = incident.actions[0];
  return (
    <li
      data-incident={incident.id}
      data-state={isOpen ? 'open' : 'closed'}
      className="grid grid-cols-[minmax(0,1fr)] gap-x-3 gap-y-2 border-b px-3.5 py-2.5 last:border-b-0 @2xl:grid-cols-[104px_minmax(0,1fr)_auto] @2xl:items-start"
    >
      <span className="pt-0.5">
        <SeverityBadge incident={incident} />
      </span>
      <div className="grid min-w-0 gap-1">
        <p className="min-w-0 break-words">
          <Link href={incidentHref(incident.id)} className={cn('font-medium hover:underline', !isOpen && 'text-text-2')}>
            {incident.title}
          </Link>
          {incident.cause && <span className="text-text-2"> · {incident.cause}</span>}
        </p>
        <p className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1 text-xs text-text-2">
          <Since incident={incident} />
          <Jobs jobs={incident.jobs} />
          <DeliveryText incident={incident} />
        </p>
        <Notes incident={incident} />
      </div>
      {isOpen && (
        <div className="flex min-w-0 flex-wrap items-center gap-2 @2xl:justify-end">
          {first && (
            <RemedyButton
              remedy={first}
              of={incident.jobs.length > 1 && first.action === 'run_now' ? first.target : undefined}
              incidentId={incident.id}
            />
          )}
          <AcknowledgeButton incident={incident} title={`${t.acknowledge}: ${incident.title}`} />
        </div>
      )}
    </li>
  );
}

function Since({ incident }: { incident: Incident }) {
  const t = useTranslations(incidentTranslations);
  const lang = useLang();
  if (incident.closed_at === null) {
    return (
      <span className="whitespace-nowrap">
        {t.since} <ShortTime at={incident.since} /> (<Elapsed from={incident.since} />)
      </span>
    );
  }
  return (
    <span className="whitespace-nowrap">
      <RelativeTime at={incident.closed_at} /> · {t.lasted(formatDuration(lastedMs(incident, 0), lang))}
    </span>
  );
}

function Jobs({ jobs }: { jobs: readonly string[] }) {
  const t = useTranslations(incidentTranslations);
  const lang = useLang();
  if (jobs.length === 0) return null;
  return (
    <span className="min-w-0 truncate">
      {jobs.slice(0, MAX_JOBS).map((job, index) => (
        <span key={job}>
          {index > 0 && ', '}
          <Link href={`/jobs/${encodeURIComponent(job)}`} className="underline-offset-2 hover:underline">
            {job}
          </Link>
        </span>
      ))}
      {jobs.length > MAX_JOBS && ` ${t.more(formatNumber(jobs.length - MAX_JOBS, lang))}`}
    </span>
  );
}

/** Whether somebody deals with it, it is silenced, or it began in a maintenance window. */
export function Notes({ incident }: { incident: Incident }) {
  const t = useTranslations(incidentTranslations);
  const lang = useLang();
  const now = useNow();
  const { timezone } = useSession();
  const silenced = incident.silenced_until !== null && Date.parse(incident.silenced_until) > now ? incident.silenced_until : null;
  if (!incident.acknowledged_by && !silenced && !incident.maintenance) return null;
  return (
    <p className="flex flex-wrap gap-x-3 gap-y-1 text-xs text-text-2">
      {incident.acknowledged_by && <Note icon={Check}>{t.acknowledgedBy(incident.acknowledged_by)}</Note>}
      {silenced && incident.closed_at === null && <Note icon={BellOff}>{t.silencedUntil(formatSoon(silenced, now, timezone, lang))}</Note>}
      {incident.maintenance && <Note icon={Wrench}>{t.maintenance}</Note>}
    </p>
  );
}

function Note({ icon: Icon, children }: { icon: LucideIcon; children: ReactNode }) {
  return (
    <span className="inline-flex items-center gap-1">
      <Icon aria-hidden className="size-3.5 shrink-0 text-text-3" />
      {children}
    </span>
  );
}
