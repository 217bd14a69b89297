'use client';

import { Badge } from '@/components/ui/badge';
import { cn } from '@/lib/cn';
import { useLang } from '@/lib/i18n';
import { WATCH_STATES, type WatchState } from '@/lib/monitor-states';
import { TONE_CLASS } from '@/lib/run-states';

/** The state of what a monitor watches: icon, word and tone. */
export function MonitorBadge({ state, className }: { state: WatchState; className?: string }) {
  const lang = useLang();
  const look = WATCH_STATES[state];
  return (
    <Badge tone={look.tone} icon={look.icon} data-watch-state={state} className={className}>
      {look.label[lang]}
    </Badge>
  );
}

/** The icon of a state alone; its word is read out, and shown on hover. */
export function MonitorIcon({ state, className }: { state: WatchState; className?: string }) {
  const lang = useLang();
  const { icon: Icon, tone, label } = WATCH_STATES[state];
  return (
    <span
      role="img"
      aria-label={label[lang]}
      title={label[lang]}
      data-watch-state={state}
      className={cn('shrink-0', TONE_CLASS[tone], className)}
    >
      <Icon aria-hidden className="size-3.5 text-tone" strokeWidth={2.25} />
    </span>
  );
}
