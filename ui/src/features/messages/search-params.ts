import type { Parsers } from '@/lib/search-param-parsers';
import type { MessageState } from '@/components/message-state';

const STATES = ['pending', 'sending', 'delivered', 'failed', 'unknown'] as const satisfies readonly MessageState[];
export const STATE_TABS = ['all', ...STATES] as const;
export type StateTab = (typeof STATE_TABS)[number];

export const MESSAGE_TABS = ['outbox', 'sandbox'] as const;

/** The search parameters: tab, filter, and the open message. */
export const messagesShape = ({ parseAsString, parseAsStringLiteral }: Parsers) => ({
  tab: parseAsStringLiteral(MESSAGE_TABS).withDefault('outbox'),
  state: parseAsStringLiteral(STATE_TABS).withDefault('all'),
  message: parseAsString,
});
