import { expect, test } from 'vitest';
import { STEPS, firstStep, isOpen, stepAfter, stepBefore, stepsOf } from './steps';

test('a channel that is named is not asked for', () => {
  expect(firstStep(null)).toBe('channel');
  expect(firstStep('telegram')).toBe('account');
});

test('steps that need an account open after it is saved', () => {
  const open = (isSaved: boolean) => STEPS.filter((each) => isOpen(each, 'telegram', isSaved));
  expect(open(false)).toEqual(['channel', 'account']);
  expect(open(true)).toEqual([...STEPS]);
  expect(isOpen('account', null, false)).toBe(false);
});

test('a channel whose accounts lead to one place asks for no recipient', () => {
  const steps = stepsOf({ sole_recipient: true });
  expect(steps).toEqual(['channel', 'account', 'check', 'message', 'notify', 'done']);
  expect([stepAfter('check', steps), stepBefore('message', steps)]).toEqual(['message', 'check']);
  expect(stepsOf({ sole_recipient: false })).toEqual(STEPS);
  expect(stepsOf(undefined)).toEqual(STEPS);
});

test('the steps go on to the end and back to the beginning', () => {
  expect(stepAfter('done')).toBe('done');
  expect(stepBefore('channel')).toBe('channel');
  expect(stepAfter('check')).toBe('chat');
});
