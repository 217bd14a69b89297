'use client';

import { cn } from '@/lib/cn';
import { useTranslations } from '@/lib/i18n';
import { channelName } from '../accounts';
import { ChannelIcon } from '../channel-icon';
import type { Channel } from '../queries';
import { StepFrame } from './step-frame';
import { wizardTranslations } from './translations';

type Props = { channels: readonly Channel[]; chosen: string | null; onChoose: (channel: string) => void };

export function ChannelStep({ channels, chosen, onChoose }: Props) {
  const t = useTranslations(wizardTranslations);
  const { telegram, whatsapp, email, slack, discord, ntfy, webhook, sandbox } = t;
  const about: Record<string, string> = { telegram, whatsapp, email, slack, discord, ntfy, webhook, sandbox };
  return (
    <StepFrame title={t.channel} lead={t.channelLead}>
      <div className="grid gap-2">
        {channels.map(({ channel, settings_schema: schema }) => (
          <button
            key={channel}
            type="button"
            aria-pressed={channel === chosen}
            onClick={() => onChoose(channel)}
            className={cn(
              'flex items-start gap-3 rounded-card border px-3 py-2.5 text-left hover:bg-hover',
              channel === chosen && 'border-border-strong',
            )}
          >
            <ChannelIcon channel={channel} className="mt-0.5 size-4 shrink-0 text-text-2" />
            <span>
              <span className="block font-medium">{channelName(channel)}</span>
              <span className="block text-xs text-text-2">{about[channel] ?? String(schema.description ?? '')}</span>
            </span>
          </button>
        ))}
      </div>
    </StepFrame>
  );
}
