'use client';

import { useQuery } from '@tanstack/react-query';
import { CircleCheck, Pause, Play } from 'lucide-react';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { AbsoluteTime, RelativeTime } from '@/components/time';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';
import { QueryPlaceholder } from '@/components/ui/states';
import { useResume } from '@/lib/api/use-resume';
import { useTranslations } from '@/lib/i18n';
import { queries } from '@/lib/api/queries';
import { Can } from '@/lib/session';
import type { PausedScope } from './queries';
import { pauseTranslations } from './pause-translations';

const PauseDialog = dynamic(() => import('@/components/pause-dialog').then((module) => module.PauseDialog), { ssr: false });

/** The active pauses with author and reason, and the button that pauses everything. */
export function PauseCard() {
  const t = useTranslations(pauseTranslations);
  const query = useQuery(queries.queue());
  const { data } = query;
  const [isAsking, setAsking] = useState(false);
  const isAllPaused = data?.paused.some((each) => each.scope === 'all');
  return (
    <Card
      id="pause"
      className="scroll-mt-16"
      title={t.title}
      aside={
        data &&
        !isAllPaused && (
          <Can role="operator">
            <Button size="small" onClick={() => setAsking(true)}>
              <Pause aria-hidden className="size-3.5" />
              {t.pauseAll}
            </Button>
          </Can>
        )
      }
    >
      <QueryPlaceholder query={query} rows={2} />
      {data?.paused.length === 0 && (
        <div className="grid gap-2 px-3.5 py-3 text-sm">
          <p className="flex items-center gap-2">
            <CircleCheck aria-hidden className="size-4 text-tone tone-ok" />
            {t.nothing}
          </p>
          <p className="text-text-2">{t.hint}</p>
        </div>
      )}
      {data && data.paused.length > 0 && (
        <ul>
          {data.paused.map((scope) => (
            <PausedRow key={`${scope.scope}:${scope.name}`} scope={scope} />
          ))}
        </ul>
      )}
      {isAsking && <PauseDialog onClose={() => setAsking(false)} />}
    </Card>
  );
}

function PausedRow({ scope }: { scope: PausedScope }) {
  const t = useTranslations(pauseTranslations);
  const resume = useResume(scope);
  const name =
    scope.scope === 'all' ? (
      t.everything
    ) : scope.scope === 'job' && scope.name ? (
      <Link href={`/jobs/${encodeURIComponent(scope.name)}`} className="underline decoration-border-strong underline-offset-2">
        {scope.name}
      </Link>
    ) : (
      <>
        {scope.scope === 'queue' && `${t.queue} `}
        <span className="font-mono text-xs">{scope.name}</span>
      </>
    );
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b px-3.5 py-2.5 text-sm last:border-b-0">
      <Badge tone="retry" icon={Pause}>
        {t.paused}
      </Badge>
      <span className="min-w-0 font-medium">{name}</span>
      <span className="min-w-0 flex-1 text-text-2">
        {scope.reason && <>“{scope.reason}” · </>}
        {scope.actor} · <RelativeTime at={scope.since} /> · {t.held(scope.held)}
        {scope.until && (
          <>
            {' '}
            · {t.ends} <AbsoluteTime at={scope.until} />
          </>
        )}
      </span>
      <Can role="operator">
        <Button size="small" pending={resume.isPending} onClick={() => resume.mutate()}>
          {!resume.isPending && <Play aria-hidden className="size-3.5" />}
          {t.resume}
        </Button>
      </Can>
    </li>
  );
}
