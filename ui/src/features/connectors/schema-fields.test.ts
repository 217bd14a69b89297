import { expect, test } from 'vitest';
import type { Account, Channel } from './queries';
import { isMissing, labelsOf, partsOf, schemaOf, initialDraft } from './schema-fields';

const channel = {
  channel: 'telegram',
  settings_schema: { title: 'TelegramSettings', properties: {} },
  secrets_schema: {
    title: 'TelegramSecrets',
    properties: { token: { type: 'string' }, webhook_secret: { type: 'string' } },
    required: ['token'],
  },
  accounts: [],
} as unknown as Channel;
const stored = { has_secret: { token: true, webhook_secret: false }, settings: { a: 1 } } as unknown as Account;

test('a stored secret is optional and marked as stored', () => {
  expect(schemaOf('secrets', channel, undefined).required).toEqual(['token']);
  expect(schemaOf('secrets', channel, stored).required).toEqual([]);
  expect(labelsOf(channel, stored)['TelegramSecrets.token']?.en).toEqual(['Bot token', 'stored; leave it empty to keep it']);
  expect(labelsOf(channel, undefined)['TelegramSecrets.token']?.en[1]).toContain('@BotFather');
});

test('the fields begin with the stored settings and never with a secret', () => {
  expect(initialDraft(stored)).toEqual({ settings: { a: 1 }, secrets: {} });
});

test('a new account misses its token until one is entered', () => {
  expect(isMissing(channel, undefined, { settings: {}, secrets: {} })).toBe(true);
  expect(isMissing(channel, undefined, { settings: {}, secrets: { token: '1:a' } })).toBe(false);
  expect(isMissing(channel, stored, { settings: {}, secrets: {} })).toBe(false);
});

test('empty secrets are left out, and spaces around a copied one are taken off', () => {
  expect(partsOf({ settings: { a: 1 }, secrets: { token: ' 1:a \n', webhook_secret: '' } })).toEqual({
    settings: { a: 1 },
    secrets: { token: '1:a' },
  });
});
