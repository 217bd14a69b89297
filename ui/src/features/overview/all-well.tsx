'use client';

import { useQuery } from '@tanstack/react-query';
import { CalendarClock, CircleAlert, CircleCheck, CircleDashed, DatabaseBackup, Radar, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { RelativeTime, ShortTime } from '@/components/time';
import { Link } from '@/components/ui/link';
import { SkeletonRows } from '@/components/ui/states';
import { useUnknownText } from '@/components/unknown-badge';
import { queries } from '@/lib/api/queries';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { monitorHref } from '@/components/incidents/incidents';
import { useStaleSince } from '@/lib/live/provider';
import { WATCH_STATES } from '@/lib/monitor-states';
import { formatNumber } from '@/lib/time';
import { doubtsOf, lastChecked, type Doubt } from './doubts';
import { SHOWN_MONITORS, lastBackup } from './queries';
import { overviewTranslations } from './translations';

/** No incident is open: whether all is well, since when, and what shows it. */
export function AllWell({ isFollowing }: { isFollowing: boolean }) {
  const t = useTranslations(overviewTranslations);
  const staleSince = useStaleSince();
  const unknown = useUnknownText(staleSince ?? 0);
  const readiness = useQuery(queries.readiness()).data;
  const queue = useQuery(queries.queue()).data;
  const monitors = useQuery(queries.worstMonitors(SHOWN_MONITORS)).data?.items;
  const summary = useQuery(queries.incidentSummary()).data;
  const isKnown = readiness !== undefined && queue !== undefined && monitors !== undefined && summary !== undefined;
  if (!isKnown && staleSince === null) return <SkeletonRows rows={2} />;
  const doubts = isKnown ? doubtsOf({ checks: readiness.checks, queue, monitors }) : [];
  const isWatching = monitors !== undefined && monitors.some((each) => each.state !== 'paused');
  const isWell = isKnown && staleSince === null && doubts.length === 0 && isWatching;
  const Icon = isWell ? CircleCheck : doubts.length > 0 && staleSince === null ? CircleAlert : CircleDashed;
  return (
    <div data-calm={isWell} className={cn('grid gap-3 px-3.5 py-3', isFollowing && 'border-t')}>
      <div className="flex items-start gap-2">
        <Icon aria-hidden className={cn('mt-0.5 size-4 shrink-0 text-tone', isWell ? 'tone-ok' : doubts.length > 0 ? 'tone-retry' : 'tone-neutral')} strokeWidth={2.25} />
        <div className="min-w-0">
          <p className="font-medium">
            {staleSince !== null && unknown}
            {staleSince === null && isWell && (summary.last_closed_at ? <>{t.wellSince} <ShortTime at={summary.last_closed_at} /></> : t.wellSoFar)}
            {staleSince === null && !isWell && (doubts.length > 0 ? t.noneOpenBut : t.noneOpen)}
          </p>
          {staleSince === null && doubts.length > 0 && (
            <ul className="flex flex-wrap gap-x-4 gap-y-1 pt-1 text-sm text-text-2">
              {doubts.map((each) => (
                <DoubtItem key={JSON.stringify(each)} doubt={each} />
              ))}
            </ul>
          )}
        </div>
      </div>
      <Proof />
    </div>
  );
}

/** The read has so many monitors at most. */
const atLeast = (text: string, count: number) => (count >= SHOWN_MONITORS ? `${text}+` : text);

function DoubtItem({ doubt }: { doubt: Doubt }) {
  const t = useTranslations(overviewTranslations);
  const lang = useLang();
  const item = (href: string, text: string) => (
    <li>
      <Link href={href} className="underline-offset-2 hover:underline">
        {text}
      </Link>
    </li>
  );
  switch (doubt.kind) {
    case 'service':
      return item('/workers', `${t[doubt.service]}: ${t[doubt.status].toLowerCase()}`);
    case 'paused':
      return item(doubt.scope.scope === 'job' ? `/jobs/${encodeURIComponent(doubt.scope.name ?? '')}` : '/jobs', t.pausedScope(doubt.scope.scope, doubt.scope.name ?? ''));
    case 'monitors':
      return item(`/monitors?state=${doubt.state}`, t.monitorsIn(atLeast(formatNumber(doubt.count, lang), doubt.count), WATCH_STATES[doubt.state].label[lang].toLowerCase(), doubt.count === 1));
    case 'dead':
      return item('/dead-letters', t.toDecide(formatNumber(doubt.count, lang), doubt.count === 1));
  }
}

/** The last check, the last backup and the next fires, each a link. */
function Proof() {
  const t = useTranslations(overviewTranslations);
  const monitors = useQuery(queries.worstMonitors(SHOWN_MONITORS)).data?.items;
  const queue = useQuery(queries.queue());
  const backups = useQuery(lastBackup());
  const checked = lastChecked(monitors ?? []);
  const backup = backups.data;
  const fires = queue.data?.next_fires ?? [];
  return (
    <dl className="grid gap-x-6 gap-y-2 text-sm md:grid-cols-3">
      <ProofItem icon={Radar} title={t.lastCheck} isKnown={checked !== undefined}>
        {checked ? (
          <>
            <RelativeTime at={checked.last_check_at} /> · <ProofLink href={monitorHref(checked.job_id)}>{checked.job_id}</ProofLink>
          </>
        ) : monitors ? (
          <ProofLink href="/monitors">{t.noMonitor}</ProofLink>
        ) : (
          t.unknown
        )}
      </ProofItem>
      <ProofItem icon={DatabaseBackup} title={t.lastBackup} isKnown={Boolean(backup)}>
        {backup ? (
          <>
            <RelativeTime at={backup.ended_at ?? backup.created_at} /> · <ProofLink href={`/runs/${encodeURIComponent(backup.run_id)}`}>{backup.job_id}</ProofLink>
          </>
        ) : backup === null ? (
          <ProofLink href="/jobs/new?type=backup.export">{t.noBackup}</ProofLink>
        ) : (
          t.unknown
        )}
      </ProofItem>
      <ProofItem icon={CalendarClock} title={t.nextFires} isKnown={fires.length > 0}>
        {fires.map((fire, index) => (
          <span key={fire.job_id}>
            {index > 0 && ', '}
            <ProofLink href={`/jobs/${encodeURIComponent(fire.job_id)}?tab=schedule`}>{fire.job_id}</ProofLink> <RelativeTime at={fire.at} className="text-text-3" />
          </span>
        ))}
        {fires.length === 0 && (queue.data ? <ProofLink href="/jobs">{t.noFire}</ProofLink> : t.unknown)}
      </ProofItem>
    </dl>
  );
}

function ProofItem({ icon: Icon, title, isKnown, children }: { icon: LucideIcon; title: string; isKnown: boolean; children: ReactNode }) {
  const Shown = isKnown ? Icon : CircleDashed;
  return (
    <div className="min-w-0">
      <dt className="flex items-center gap-1.5 text-xs text-text-3">
        <Shown aria-hidden className="size-3.5 shrink-0" />
        {title}
      </dt>
      <dd className="min-w-0 break-words text-text-2">{children}</dd>
    </div>
  );
}

function ProofLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="text-text underline-offset-2 hover:underline">
      {children}
    </Link>
  );
}
