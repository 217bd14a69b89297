'use client';

import { CircleCheck, CircleAlert, Hourglass, type LucideIcon } from 'lucide-react';
import { Elapsed, RelativeTime } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { UnknownBadge } from '@/components/unknown-badge';
import type { Schemas } from '@/lib/api/client';
import { cn } from '@/lib/cn';
import { useLang, useTranslations } from '@/lib/i18n';
import { useStaleSince } from '@/lib/live/provider';
import type { Tone } from '@/lib/run-states';
import { formatNumber } from '@/lib/time';
import { workerTranslations } from './translations';

export type Worker = Schemas['WorkerBody'];
type WorkerState = 'ok' | 'late' | 'draining';

/** Three heartbeats missed in a row. */
const LATE_MS = 15_000;
const MAX_CELLS = 200;

const LOOKS: Record<WorkerState, { tone: Tone; icon: LucideIcon }> = {
  ok: { tone: 'ok', icon: CircleCheck },
  late: { tone: 'fail', icon: CircleAlert },
  draining: { tone: 'retry', icon: Hourglass },
};

function stateOf(worker: Worker): WorkerState {
  if (worker.age_ms > LATE_MS) return 'late';
  return worker.draining ? 'draining' : 'ok';
}

/** One worker: state, host, and the runs in its slots. */
export function WorkerCard({ worker }: { worker: Worker }) {
  const t = useTranslations(workerTranslations);
  const lang = useLang();
  const state = stateOf(worker);
  const unknownSince = useStaleSince();
  const facts = [
    { label: t.heartbeat, value: <RelativeTime at={worker.heartbeat_at} /> },
    { label: t.started, value: <Elapsed from={worker.started_at} /> },
    { label: t.host, value: worker.host },
    { label: t.pid, value: worker.pid },
    { label: t.version, value: worker.version },
    ...(worker.queues.join() === 'default' ? [] : [{ label: t.queues, value: worker.queues.join(', ') }]),
  ];
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          {unknownSince === null ? (
            <Badge tone={LOOKS[state].tone} icon={LOOKS[state].icon}>
              {t[state]}
            </Badge>
          ) : (
            <UnknownBadge since={unknownSince} />
          )}
          <span className="font-mono text-xs font-normal break-all">{worker.instance}</span>
        </span>
      }
      aside={
        <span className="whitespace-nowrap">
          {t.used(formatNumber(worker.running.length, lang), formatNumber(worker.concurrency, lang))}
        </span>
      }
    >
      {state !== 'ok' && (
        <p className="border-b px-3.5 py-2 text-xs text-text-2">{state === 'late' ? t.lateHint : t.drainingHint}</p>
      )}
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 px-3.5 py-3 sm:grid-cols-5">
        {facts.map(({ label, value }) => (
          <div key={label} className="min-w-0">
            <dt className="text-xs text-text-3">{label}</dt>
            <dd className="truncate text-sm">{value}</dd>
          </div>
        ))}
      </dl>
      <div className="border-t px-3.5 py-3">
        <h3 className="mb-2 text-xs text-text-3">{t.slots}</h3>
        <Slots worker={worker} />
      </div>
    </Card>
  );
}

/** One cell for each slot; a used one links to its run. */
function Slots({ worker }: { worker: Worker }) {
  const t = useTranslations(workerTranslations);
  const lang = useLang();
  const cells = Math.min(worker.concurrency, Math.max(MAX_CELLS, worker.running.length));
  const free = Math.max(0, cells - worker.running.length);
  return (
    <div className="grid gap-2.5">
      <div className="flex flex-wrap gap-1">
        {worker.running.map((run) => (
          <Link
            key={run}
            href={`/runs/${encodeURIComponent(run)}`}
            title={run}
            aria-label={run}
            className="size-4 rounded-[3px] bg-tone tone-run hover:opacity-80"
          />
        ))}
        {Array.from({ length: free }, (_, cell) => (
          <span key={cell} aria-hidden className={cn('size-4 rounded-[3px] border')} />
        ))}
      </div>
      {worker.concurrency > cells && (
        <p className="text-xs text-text-3">{t.more(formatNumber(worker.concurrency - cells, lang))}</p>
      )}
      {worker.running.length === 0 ? (
        <p className="text-xs text-text-3">{t.idle}</p>
      ) : (
        <ul aria-label={t.runs} className="flex flex-wrap gap-x-4 gap-y-1">
          {worker.running.slice(0, 12).map((run) => (
            <li key={run}>
              <Link href={`/runs/${encodeURIComponent(run)}`} className="font-mono text-xs text-text-2 underline-offset-2 hover:underline">
                {run}
              </Link>
            </li>
          ))}
          {worker.running.length > 12 && (
            <li className="text-xs text-text-3">+{formatNumber(worker.running.length - 12, lang)}</li>
          )}
        </ul>
      )}
    </div>
  );
}
