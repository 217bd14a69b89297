import { expect, test } from 'vitest';
import { STEPS, firstStep, isOpen, stepAfter, stepBefore } from './steps';

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

test('the steps go on to the end and back to the beginning', () => {
  expect(stepAfter('done')).toBe('done');
  expect(stepBefore('channel')).toBe('channel');
  expect(stepAfter('check')).toBe('chat');
});
