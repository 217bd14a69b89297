import { CHANNELS, OTHER_CHANNEL } from './accounts';

export function ChannelIcon({ channel, className }: { channel: string; className?: string }) {
  const { icon: Icon } = CHANNELS[channel] ?? OTHER_CHANNEL;
  return <Icon aria-hidden className={className} />;
}
