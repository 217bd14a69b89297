'use client';

import type { ReactNode } from 'react';
import { AbsoluteTime, Duration, Elapsed, Moments } from '@/components/time';
import { CopyButton } from '@/components/ui/copy-button';
import { Link } from '@/components/ui/link';
import { Tooltip } from '@/components/ui/tooltip';
import { useLang, useTranslations } from '@/lib/i18n';
import type { RunDetail } from '@/lib/api/queries';
import { shortRunId, slotOf, sourceName, triesOf } from '@/lib/runs';
import { useSession } from '@/lib/session';
import { formatClock, formatDuration, zoneName } from '@/lib/time';
import { queueWaitOf } from './timeline/spans';
import { runTranslations } from './translations';

/** The main facts of a run in a row; the others in a line below. */
export function RunFacts({ run }: { run: RunDetail }) {
  const t = useTranslations(runTranslations);
  const { n, of } = triesOf(run);
  const marks = [run.crashes > 0 && t.lost(run.crashes), run.releases > 0 && t.released(run.releases)].filter(Boolean);
  return (
    <section className="overflow-hidden rounded-card border bg-surface">
      <dl className="grid grid-cols-2 gap-px bg-border sm:grid-cols-3 xl:grid-cols-6">
        <Fact label={t.try} note={marks.join(' · ')}>
          {t.tryOf(n, of)}
        </Fact>
        <Fact label={t.started}>{run.started_at ? <Clock at={run.started_at} /> : run.ended_at ? t.never : t.notYet}</Fact>
        <Fact label={run.status === 'running' ? t.elapsed : t.duration}>
          {run.status === 'running' && run.started_at ? <Elapsed from={run.started_at} /> : <Duration ms={run.duration_ms} />}
        </Fact>
        <Fact label={t.queueWait}>
          <QueueWait run={run} />
        </Fact>
        <Fact label={t.worker}>{run.worker ? <span className="font-mono text-xs break-all">{run.worker}</span> : t.none}</Fact>
        <Fact label={t.spec}>
          <Link href={`/jobs/${encodeURIComponent(run.job_id)}?tab=spec`} className="underline-offset-2 hover:underline">
            v{run.version} · <span className="font-mono text-xs">{run.type}</span>
          </Link>
        </Fact>
      </dl>
      <MoreFacts run={run} />
    </section>
  );
}

function MoreFacts({ run }: { run: RunDetail }) {
  const t = useTranslations(runTranslations);
  const lang = useLang();
  return (
    <dl className="flex flex-wrap gap-x-6 gap-y-1 border-t px-3.5 py-2 text-xs">
      <SmallFact label={t.startedBy}>
        {sourceName(run.source, lang)}
        {run.actor && ` · ${run.actor}`}
      </SmallFact>
      <SmallFact label={t.priority}>{t[run.priority]}</SmallFact>
      {run.queue !== 'default' && <SmallFact label={t.queue}>{run.queue}</SmallFact>}
      {run.slot_at && (
        <SmallFact label={t.slot}>
          <AbsoluteTime at={run.slot_at} />
        </SmallFact>
      )}
      {run.moved && (
        <SmallFact label={t.moved}>
          <AbsoluteTime at={run.moved.from} /> · {run.moved.reason[lang]}
        </SmallFact>
      )}
      <SmallFact label={t.created}>
        <AbsoluteTime at={run.created_at} />
      </SmallFact>
      {run.ended_at && (
        <SmallFact label={t.ended}>
          <AbsoluteTime at={run.ended_at} />
        </SmallFact>
      )}
      <SmallFact label={t.timeout}>{formatDuration(run.timeout_ms, lang)}</SmallFact>
      {run.rerun_of && (
        <SmallFact label={t.rerunOf}>
          <RunLink id={run.rerun_of} />
        </SmallFact>
      )}
      {run.parent_run_id && (
        <SmallFact label={t.parent}>
          <RunLink id={run.parent_run_id} />
        </SmallFact>
      )}
      {run.trace_id && (
        <SmallFact label={t.trace}>
          <span className="inline-flex items-center gap-1">
            <code className="font-mono break-all">{run.trace_id}</code>
            <CopyButton text={run.trace_id} />
          </span>
        </SmallFact>
      )}
    </dl>
  );
}

function Fact({ label, note, children }: { label: string; note?: string; children: ReactNode }) {
  return (
    <div className="min-w-0 bg-surface px-3.5 py-2">
      <dt className="text-xs text-text-3">{label}</dt>
      <dd className="min-w-0 font-medium">
        {children}
        {note && <span className="block text-xs font-normal text-tone-text tone-retry">{note}</span>}
      </dd>
    </div>
  );
}

function SmallFact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-w-0 items-center gap-1.5">
      <dt className="shrink-0 text-text-3">{label}</dt>
      <dd className="min-w-0 text-text-2">{children}</dd>
    </div>
  );
}

/** The time of day with its zone; the day and the other zones on hover. */
function Clock({ at }: { at: string }) {
  const { timezone } = useSession();
  return (
    <Tooltip content={() => <Moments at={at} zone={timezone} />}>
      <time dateTime={at}>
        {formatClock(at, timezone)} {zoneName(timezone, at)}
      </time>
    </Tooltip>
  );
}

/** The wait in the queue before the last attempt; it ticks while the run waits. */
function QueueWait({ run }: { run: RunDetail }) {
  if (run.queued_at === null) return '–';
  if (run.status === 'queued') return <Elapsed from={run.queued_at} />;
  if (run.started_at === null) return '–';
  return <Duration ms={queueWaitOf(run)} />;
}

function RunLink({ id }: { id: string }) {
  const { timezone } = useSession();
  const slot = slotOf(id);
  const name = slot === null ? id : `${id.split('@')[0]} ${shortRunId({ run_id: id, slot_at: slot }, timezone)}`;
  return (
    <Link href={`/runs/${encodeURIComponent(id)}`} className="font-mono text-text underline underline-offset-2">
      {name}
    </Link>
  );
}
