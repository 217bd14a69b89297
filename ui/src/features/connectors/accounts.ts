import {
  Bell,
  CircleCheck,
  CircleDashed,
  CircleX,
  FlaskConical,
  Hash,
  Mail,
  MessageCircle,
  MessagesSquare,
  Plug,
  PowerOff,
  Send,
  TriangleAlert,
  Unplug,
  Webhook,
  type LucideIcon,
} from 'lucide-react';
import type { Schemas } from '@/lib/api/client';
import type { Lang } from '@/lib/i18n';
import type { Job } from '@/lib/api/queries';
import type { Tone } from '@/lib/run-states';
import type { Account, Channel } from './queries';

/** The displayed state of an account: the result of its last check, unless it is disabled or was never checked. */
export type AccountState = Schemas['CheckBody']['state'] | 'off' | 'unchecked';

type AccountDisplay = { icon: LucideIcon; tone: Tone; label: Record<Lang, string> };

export const ACCOUNT_STATES: Record<AccountState, AccountDisplay> = {
  up: { icon: CircleCheck, tone: 'ok', label: { en: 'Up', id: 'Aktif' } },
  degraded: { icon: TriangleAlert, tone: 'retry', label: { en: 'Degraded', id: 'Terganggu' } },
  down: { icon: CircleX, tone: 'fail', label: { en: 'Down', id: 'Mati' } },
  not_configured: { icon: Unplug, tone: 'retry', label: { en: 'Not set up', id: 'Belum diatur' } },
  off: { icon: PowerOff, tone: 'neutral', label: { en: 'Off', id: 'Nonaktif' } },
  unchecked: { icon: CircleDashed, tone: 'neutral', label: { en: 'Not checked yet', id: 'Belum dicek' } },
};

type ChannelDisplay = { name: string; icon: LucideIcon };

export const CHANNELS: Record<string, ChannelDisplay> = {
  telegram: { name: 'Telegram', icon: Send },
  whatsapp: { name: 'WhatsApp', icon: MessageCircle },
  sandbox: { name: 'Sandbox', icon: FlaskConical },
  email: { name: 'Email', icon: Mail },
  slack: { name: 'Slack', icon: Hash },
  discord: { name: 'Discord', icon: MessagesSquare },
  ntfy: { name: 'ntfy', icon: Bell },
  webhook: { name: 'Webhook', icon: Webhook },
};

export const OTHER_CHANNEL: Pick<ChannelDisplay, 'icon'> = { icon: Plug };

export function channelName(channel: string): string {
  return CHANNELS[channel]?.name ?? channel;
}

export function accountState(account: Pick<Account, 'enabled' | 'health'>): AccountState {
  if (!account.enabled) return 'off';
  return account.health?.state ?? 'unchecked';
}

/** The built-in sandbox account cannot be changed, disabled or deleted. */
export function isBuiltIn(account: Pick<Account, 'channel' | 'account_id'>): boolean {
  return account.channel === 'sandbox' && account.account_id === 'default';
}

/** An account that a monitor watches but that is not configured. */
export type MissingAccount = { channel: string; accountId: string; jobIds: string[] };

/** The accounts that `monitor.channel` jobs watch but that are not configured, by channel and id. */
export function missingAccounts(channels: readonly Channel[], jobs: readonly Job[]): MissingAccount[] {
  const saved = new Set(channels.flatMap((each) => each.accounts.map((account) => account.name)));
  const missing = new Map<string, MissingAccount>();
  for (const job of jobs) {
    const { channel, account_id: accountId } = job.inputs as Record<string, unknown>;
    if (typeof channel !== 'string' || typeof accountId !== 'string') continue;
    const name = `${channel}:${accountId}`;
    if (saved.has(name)) continue;
    const known = missing.get(name);
    if (known) known.jobIds.push(job.job_id);
    else missing.set(name, { channel, accountId, jobIds: [job.job_id] });
  }
  return [...missing.values()].toSorted((a, b) => a.accountId.localeCompare(b.accountId));
}

export type Group = { channel: string; isServed: boolean; accounts: Account[]; missing: MissingAccount[] };

/**
 * One group for each channel: channels with a connector first, in the order of the API, then channels that are only
 * monitored.
 */
export function groupsOf(channels: readonly Channel[], jobs: readonly Job[]): Group[] {
  const missing = missingAccounts(channels, jobs);
  const of = (channel: string) => missing.filter((each) => each.channel === channel);
  const served = channels.map((each) => ({
    channel: each.channel,
    isServed: true,
    accounts: each.accounts,
    missing: of(each.channel),
  }));
  const known = new Set(channels.map((each) => each.channel));
  const others = [...new Set(missing.map((each) => each.channel))].filter((each) => !known.has(each)).toSorted();
  return [...served, ...others.map((channel) => ({ channel, isServed: false, accounts: [], missing: of(channel) }))];
}

/** The name of a person who may act in groups; the id if none was given. */
export function shownUser(user: Schemas['ChatUserBody']): string {
  return user.name || user.id;
}

type AccountRequest = Schemas['AccountRequest'];

/** The request that saves an account with some changes; omitted secrets stay stored. */
export function accountRequest(account: Account | undefined, changes: Partial<AccountRequest>): AccountRequest {
  return {
    settings: account?.settings ?? {},
    default_to: account?.default_to ?? null,
    allow_chats: account?.allow_chats ?? [],
    commands: account?.commands ?? false,
    enabled: account?.enabled ?? true,
    ...changes,
  };
}

/** The channels with one account replaced or removed. */
export function withAccount(channels: Channel[], account: Account): Channel[] {
  return channels.map((each) => {
    if (each.channel !== account.channel) return each;
    const others = each.accounts.filter((other) => other.name !== account.name);
    const accounts = [...others, account].toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return { ...each, accounts };
  });
}

/** The target of the wizard in the URL: `telegram:bot_a01`, `telegram` or `new`. */
export function parseTarget(text: string): { channel: string | null; accountId: string } {
  const at = text.indexOf(':');
  const channel = at === -1 ? text : text.slice(0, at);
  return { channel: channel === 'new' || channel === '' ? null : channel, accountId: at === -1 ? '' : text.slice(at + 1) };
}

export const ACCOUNT_ID = /^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$/;
