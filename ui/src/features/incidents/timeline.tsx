'use client';

import { BellOff, CheckCheck, CircleCheck, CircleX, MessageSquare, Plus, Send, Siren, Wrench, Zap, Check, HeartPulse, type LucideIcon } from 'lucide-react';
import { ShortTime } from '@/components/time';
import type { Incident } from '@/lib/api/queries';
import { cn } from '@/lib/cn';
import { useTranslations } from '@/lib/i18n';
import { TONE_CLASS, type Tone } from '@/lib/run-states';
import { incidentsTranslations } from './translations';

type Entry = Incident['timeline'][number];

/** One row a kind of entry: one that is missing here is a type error. */
const LOOKS: Record<Entry['what'], { icon: LucideIcon; tone: Tone }> = {
  opened: { icon: Siren, tone: 'fail' },
  repeated: { icon: Plus, tone: 'retry' },
  recovered: { icon: HeartPulse, tone: 'ok' },
  notified: { icon: Send, tone: 'neutral' },
  delivered: { icon: CheckCheck, tone: 'ok' },
  undelivered: { icon: CircleX, tone: 'fail' },
  acknowledged: { icon: Check, tone: 'run' },
  silenced: { icon: BellOff, tone: 'neutral' },
  comment: { icon: MessageSquare, tone: 'neutral' },
  remedied: { icon: Zap, tone: 'run' },
  maintenance: { icon: Wrench, tone: 'neutral' },
  closed: { icon: CircleCheck, tone: 'ok' },
};

/** What happened, oldest first. */
export function Timeline({ incident }: { incident: Incident }) {
  const t = useTranslations(incidentsTranslations);
  return (
    <ol aria-label={t.timeline} className="grid px-3.5 py-2">
      {incident.timeline.map((entry, index) => (
        <Item key={`${entry.at} ${entry.what} ${index}`} entry={entry} isLast={index === incident.timeline.length - 1} />
      ))}
    </ol>
  );
}

function Item({ entry, isLast }: { entry: Entry; isLast: boolean }) {
  const t = useTranslations(incidentsTranslations);
  const { icon: Icon, tone } = LOOKS[entry.what];
  return (
    <li data-what={entry.what} className={cn('relative grid grid-cols-[16px_minmax(0,1fr)] gap-x-3 py-1.5', TONE_CLASS[tone])}>
      {!isLast && <span aria-hidden className="absolute top-6 bottom-[-6px] left-[7.5px] w-px bg-border" />}
      <Icon aria-hidden className="mt-0.5 size-4 text-tone" strokeWidth={2.25} />
      <div className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <span className="font-medium">{t.what(entry.what)}</span>
        {entry.by && <span className="text-text-2">{t.by(entry.by)}</span>}
        <ShortTime at={entry.at} className="text-xs text-text-3" />
        {entry.text && <p className="w-full min-w-0 break-words whitespace-pre-wrap text-text-2">{entry.text}</p>}
      </div>
    </li>
  );
}
