'use client';

import { useQuery } from '@tanstack/react-query';
import { Pause, Play } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Duration } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Command } from '@/components/ui/states';
import type { Schemas } from '@/lib/api/client';
import { queries } from '@/lib/api/queries';
import { useResume } from '@/lib/api/use-resume';
import { useLang, useTranslations } from '@/lib/i18n';
import { Can } from '@/lib/session';
import { formatNumber } from '@/lib/time';
import { workerTranslations } from './translations';

type Queue = Schemas['QueueItem'];

const PauseDialog = dynamic(() => import('@/components/pause-dialog').then((module) => module.PauseDialog), { ssr: false });
const RIGHT = 'px-3.5 py-2 text-right font-medium';

/** Each queue with its depth, its live workers, its pause, and the reason why its runs cannot start. */
export function QueuesCard() {
  const t = useTranslations(workerTranslations);
  const { data } = useQuery(queries.queues());
  const [asked, setAsked] = useState<string>();
  if (!data) return null;
  return (
    <Card title={t.queues}>
      <div className="overflow-x-auto">
        <table className="w-full">
          <thead>
            <tr className="border-b text-left text-xs text-text-3">
              <th className="px-3.5 py-2 font-medium">{t.queue}</th>
              <th className={RIGHT}>{t.waiting}</th>
              <th className={RIGHT}>{t.running}</th>
              <th className={RIGHT}>{t.oldest}</th>
              <th className={RIGHT}>{t.workers}</th>
              <th aria-hidden />
            </tr>
          </thead>
          <tbody>
            {data.map((queue) => (
              <QueueRow key={queue.name} queue={queue} onPause={() => setAsked(queue.name)} />
            ))}
          </tbody>
        </table>
      </div>
      {data.map((queue) => (
        <Obstacles key={queue.name} queue={queue} />
      ))}
      {asked !== undefined && <PauseDialog queue={asked} onClose={() => setAsked(undefined)} />}
    </Card>
  );
}

function QueueRow({ queue, onPause }: { queue: Queue; onPause: () => void }) {
  const t = useTranslations(workerTranslations);
  const lang = useLang();
  const resume = useResume({ scope: 'queue', name: queue.name });
  return (
    <tr className="h-9 border-b">
      <td className="px-3.5">
        <span className="inline-flex flex-wrap items-center gap-2">
          <span className="font-mono text-xs break-all">{queue.name}</span>
          {queue.paused && (
            <Badge tone="retry" icon={Pause}>
              {t.paused}
            </Badge>
          )}
        </span>
      </td>
      <td className="px-3.5 text-right">{formatNumber(queue.waiting, lang)}</td>
      <td className="px-3.5 text-right">{formatNumber(queue.running, lang)}</td>
      <td className="px-3.5 text-right text-text-2">
        <Duration ms={queue.oldest_ms} />
      </td>
      <td className="px-3.5 text-right">{formatNumber(queue.workers, lang)}</td>
      <td className="px-3.5 text-right">
        <Can role="operator">
          {queue.paused ? (
            <Button size="small" pending={resume.isPending} aria-label={t.resumeQueue(queue.name)} onClick={() => resume.mutate()}>
              {!resume.isPending && <Play aria-hidden className="size-3.5" />}
              {t.resume}
            </Button>
          ) : (
            <Button size="small" aria-label={t.pauseQueue(queue.name)} onClick={onPause}>
              <Pause aria-hidden className="size-3.5" />
              {t.pause}
            </Button>
          )}
        </Can>
      </td>
    </tr>
  );
}

/** Why runs of a queue cannot start, each with the command that helps. */
function Obstacles({ queue }: { queue: Queue }) {
  const t = useTranslations(workerTranslations);
  const lang = useLang();
  const served = queue.name === 'default' ? 'default' : `default,${queue.name}`;
  return (
    <>
      {queue.waiting > 0 && queue.workers === 0 && (
        <div className="border-t px-3.5 py-2">
          <Command text={`WORKER_QUEUES=${served} multi-job restart`} label={t.unserved(queue.name)} />
        </div>
      )}
      {queue.missing_types.map(({ type, waiting }) => (
        <div key={type} className="border-t px-3.5 py-2">
          <Command text="HANDLER_MODULES=MODULE multi-job restart" label={t.missingType(type, formatNumber(waiting, lang))} />
        </div>
      ))}
    </>
  );
}
