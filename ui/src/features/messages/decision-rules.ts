import type { Message } from './queries';

export type Decision = 'resend' | 'close';
export type RequestedDecision = { decision: Decision; message: Message };

/** A message that was given up can still be sent again. */
export function isClosed(message: Message): boolean {
  return message.state === 'failed' && message.error_code === 'closed';
}

/** The decisions that a message's state allows. */
export function decisionsOf(message: Message): Decision[] {
  if (message.state === 'pending') return ['close'];
  if (message.state !== 'failed' && message.state !== 'unknown') return [];
  return isClosed(message) ? ['resend'] : ['resend', 'close'];
}
