'use client';

import { CircleCheck, CircleDashed, CircleHelp, CircleX, SendHorizontal, type LucideIcon } from 'lucide-react';
import { Badge } from '@/components/ui/badge';
import type { Schemas } from '@/lib/api/client';
import { useLang, type Lang } from '@/lib/i18n';
import type { Tone } from '@/lib/run-states';

export type MessageState = Schemas['OutboxState'];
export type ProviderState = Schemas['ProviderState'];

/** The display of each message state; a missing state is a type error. */
export const MESSAGE_STATES: Record<MessageState, { icon: LucideIcon; tone: Tone; label: Record<Lang, string> }> = {
  pending: { icon: CircleDashed, tone: 'neutral', label: { en: 'Pending', id: 'Menunggu' } },
  sending: { icon: SendHorizontal, tone: 'run', label: { en: 'Sending', id: 'Sedang dikirim' } },
  delivered: { icon: CircleCheck, tone: 'ok', label: { en: 'Delivered', id: 'Terkirim' } },
  failed: { icon: CircleX, tone: 'fail', label: { en: 'Failed', id: 'Gagal' } },
  unknown: { icon: CircleHelp, tone: 'await', label: { en: 'Unknown', id: 'Belum pasti' } },
};

/** The delivery states that the channel reported after it accepted a message. */
export const PROVIDER_STATES: Record<ProviderState, Record<Lang, string>> = {
  sent: { en: 'sent', id: 'terkirim' },
  delivered: { en: 'on the device', id: 'sampai di perangkat' },
  read: { en: 'read', id: 'dibaca' },
  failed: { en: 'failed later', id: 'gagal kemudian' },
};

export function MessageBadge({ state }: { state: MessageState }) {
  const lang = useLang();
  const look = MESSAGE_STATES[state];
  return (
    <Badge tone={look.tone} icon={look.icon}>
      {look.label[lang]}
    </Badge>
  );
}
