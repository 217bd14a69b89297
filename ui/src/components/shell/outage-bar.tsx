'use client';

import { CloudOff, RefreshCw } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Command, STATUS_COMMAND } from '@/components/ui/states';
import { useLang, useTranslations } from '@/lib/i18n';
import { useHealth, useLive } from '@/lib/live/provider';
import { useNow } from '@/lib/now';
import { useSession } from '@/lib/session';
import { formatClock, formatRough, zoneName } from '@/lib/time';
import { outageTranslations } from './outage-translations';

/** The part that does not answer, since when, the time of the shown data, and a retry button; empty while all answers. */
export function OutageBar() {
  const t = useTranslations(outageTranslations);
  const { timezone } = useSession();
  const { retryNow } = useLive();
  const trouble = useHealth((health) => health.trouble);
  const since = useHealth((health) => health.since);
  const freshAt = useHealth((health) => health.freshAt);
  const detail = useHealth((health) => health.detail);
  const clock = (at: number) => `${formatClock(at, timezone)} ${zoneName(timezone, at)}`;
  return (
    <div data-trouble={trouble ?? undefined} className={trouble ? BAR : undefined}>
      {trouble && <CloudOff aria-hidden className="size-4 shrink-0 text-tone max-xl:mt-0.5" />}
      {/* Always there, so that a screen reader announces new content; nothing in it ticks. */}
      <p aria-live="polite" className={trouble ? 'min-w-0' : undefined}>
        {trouble && (
          <>
            <strong className="font-medium">{t[trouble](clock(since))}</strong> {detail && `${detail} `}
            {freshAt > 0 ? t.shown(clock(freshAt)) : t.nothingShown}
          </>
        )}
      </p>
      {trouble && (
        <span className="col-start-2 flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1">
          {freshAt > 0 && <Age freshAt={freshAt} />}
          <span className="grow" />
          <Next />
          <Command text={STATUS_COMMAND} />
          <Button size="small" onClick={retryNow}>
            <RefreshCw aria-hidden className="size-3.5" />
            {t.retry}
          </Button>
        </span>
      )}
    </div>
  );
}

const BAR = 'grid grid-cols-[auto_minmax(0,1fr)] gap-x-2 gap-y-1 border-b bg-tone-bg px-4 py-1.5 text-sm text-text tone-fail lg:px-6 xl:flex xl:items-center';

function Age({ freshAt }: { freshAt: number }) {
  const t = useTranslations(outageTranslations);
  const lang = useLang();
  return <span className="text-text-2">{t.age(formatRough(Math.max(0, useNow() - freshAt), lang))}</span>;
}

/** The time of the next automatic attempt. */
function Next() {
  const t = useTranslations(outageTranslations);
  const lang = useLang();
  const now = useNow();
  const isTrying = useHealth((health) => health.isTrying);
  const retryAt = useHealth((health) => health.retryAt);
  const left = Math.max(1_000, Math.ceil((retryAt - now) / 1_000) * 1_000);
  return <span className="text-xs text-text-2">{isTrying || retryAt === 0 ? t.trying : t.next(formatRough(left, lang))}</span>;
}
