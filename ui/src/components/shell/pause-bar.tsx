'use client';

import { useQuery } from '@tanstack/react-query';
import { CirclePause, Play } from 'lucide-react';
import { AbsoluteTime, RelativeTime } from '@/components/time';
import { Button } from '@/components/ui/button';
import { queries } from '@/lib/api/queries';
import { useResume } from '@/lib/api/use-resume';
import { defineTranslations, useLang, useTranslations } from '@/lib/i18n';
import { Can } from '@/lib/session';
import { formatNumber } from '@/lib/time';

const translations = defineTranslations(
  {
    title: 'The platform is paused.',
    effect: 'No job fires and no run starts.',
    by: (actor: string) => `by ${actor}`,
    until: 'until',
    held: (n: string, isOne: boolean) => (isOne ? '1 run waits' : `${n} runs wait`),
    resume: 'Resume',
  },
  {
    title: 'Platform sedang dijeda.',
    effect: 'Jadwal tidak berjalan dan tidak ada run yang mulai.',
    by: (actor: string) => `oleh ${actor}`,
    until: 'sampai',
    held: (n: string) => `${n} run menunggu`,
    resume: 'Lanjutkan',
  },
);

/** The pause of the whole platform, on every page: reason, author, end, and the button that ends it. */
export function PauseBar() {
  const t = useTranslations(translations);
  const lang = useLang();
  const { data: queue } = useQuery(queries.queue());
  const pause = queue?.paused.find((each) => each.scope === 'all');
  const resume = useResume({ scope: 'all', name: null });
  return (
    <div data-paused={pause ? 'all' : undefined} className={pause ? BAR : undefined}>
      {pause && <CirclePause aria-hidden className="size-4 shrink-0 text-tone" />}
      {/* Always there, so that a screen reader announces a new pause; nothing in it ticks. */}
      <p aria-live="polite" className={pause ? 'min-w-0' : undefined}>
        {pause && (
          <>
            <strong className="font-medium">{t.title}</strong> {t.effect} {pause.reason && <q className="break-words">{pause.reason}</q>}
          </>
        )}
      </p>
      {pause && (
        <span className="col-start-2 flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0 grow text-xs break-words text-text-2">
            {t.by(pause.actor)} · <RelativeTime at={pause.since} />
            {pause.until && (
              <>
                {' '}
                · {t.until} <AbsoluteTime at={pause.until} />
              </>
            )}
            {pause.held > 0 && ` · ${t.held(formatNumber(pause.held, lang), pause.held === 1)}`}
          </span>
          <Can role="operator">
            <Button size="small" pending={resume.isPending} onClick={() => resume.mutate()}>
              {!resume.isPending && <Play aria-hidden className="size-3.5" />}
              {t.resume}
            </Button>
          </Can>
        </span>
      )}
    </div>
  );
}

const BAR =
  'grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-2 gap-y-1 border-b bg-tone-bg px-4 py-1.5 text-sm text-text tone-retry lg:px-6 xl:flex';
