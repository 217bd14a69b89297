import { expect, test } from 'vitest';
import type { MessageState } from '@/components/message-state';
import { decisionsOf, isClosed } from './decision-rules';
import type { Message } from './queries';

const message = (state: MessageState, error_code: string | null = null) => ({ state, error_code }) as Message;

test('what failed or is unknown can be sent again or given up', () => {
  expect(decisionsOf(message('failed', 'channel_rejected'))).toEqual(['resend', 'close']);
  expect(decisionsOf(message('unknown'))).toEqual(['resend', 'close']);
});

test('what still waits can only be given up, and what is under way or delivered is left alone', () => {
  expect(decisionsOf(message('pending'))).toEqual(['close']);
  expect(decisionsOf(message('sending'))).toEqual([]);
  expect(decisionsOf(message('delivered'))).toEqual([]);
});

test('what was given up is not offered to be given up again', () => {
  expect(isClosed(message('failed', 'closed'))).toBe(true);
  expect(decisionsOf(message('failed', 'closed'))).toEqual(['resend']);
});
