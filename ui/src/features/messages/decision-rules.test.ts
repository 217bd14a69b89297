import { expect, test } from 'vitest';
import type { MessageState } from '@/components/message-state';
import { decisionsOf, isClosed } from './decision-rules';
import type { Message } from './queries';

const message = (state: MessageState, error_code: string | null = null) => ({ state, error_code }) as Message;

test('failed and unknown messages can be sent again or given up', () => {
  expect(decisionsOf(message('failed', 'channel_rejected'))).toEqual(['resend', 'close']);
  expect(decisionsOf(message('unknown'))).toEqual(['resend', 'close']);
});

test('a pending message can only be given up; a sending or delivered one needs no decision', () => {
  expect(decisionsOf(message('pending'))).toEqual(['close']);
  expect(decisionsOf(message('sending'))).toEqual([]);
  expect(decisionsOf(message('delivered'))).toEqual([]);
});

test('a closed message cannot be given up again', () => {
  expect(isClosed(message('failed', 'closed'))).toBe(true);
  expect(decisionsOf(message('failed', 'closed'))).toEqual(['resend']);
});
