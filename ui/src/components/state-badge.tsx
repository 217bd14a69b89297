'use client';

import { Badge } from '@/components/ui/badge';
import { cn } from '@/lib/cn';
import { useLang } from '@/lib/i18n';
import { RUN_STATES, TONE_CLASS, type RunState } from '@/lib/run-states';

/** The state of a run: icon, word and tone. */
export function StateBadge({ state, className }: { state: RunState; className?: string }) {
  const lang = useLang();
  const look = RUN_STATES[state];
  return (
    <Badge tone={look.tone} icon={look.icon} data-state={state} className={className}>
      {look.label[lang]}
    </Badge>
  );
}

/** The icon of a state alone; its word is read out, and shown on hover. */
export function StateIcon({ state, className }: { state: RunState; className?: string }) {
  const lang = useLang();
  const { icon: Icon, tone, label } = RUN_STATES[state];
  return (
    <span role="img" aria-label={label[lang]} title={label[lang]} data-state={state} className={cn('shrink-0', TONE_CLASS[tone], className)}>
      <Icon aria-hidden className="size-3.5 text-tone" strokeWidth={2.25} />
    </span>
  );
}
