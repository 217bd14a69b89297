import { expect, test } from 'vitest';
import { recipientEdit, recipientOf, recipientPlace } from './recipient';

const CHANNEL = { type: 'string' };
const REPORT = {
  properties: { timezone: {}, notify: { anyOf: [{ $ref: '#/$defs/Notify' }, { type: 'null' }] } },
  $defs: { Notify: { type: 'object', properties: { channel: CHANNEL, to: {} } } },
};

test('the schema of a type says where its recipient is', () => {
  expect(recipientPlace(REPORT)).toBe('notify');
  expect(recipientPlace({ properties: { text: {}, channel: CHANNEL, to: {} } })).toBe('inputs');
  expect(recipientPlace({ properties: { channel: CHANNEL, account_id: {} } })).toBeNull();
  expect(recipientPlace(undefined)).toBeNull();
});

test('another recipient replaces all fields of the old one', () => {
  expect(recipientOf({ notify: { channel: 'telegram', account_id: 'bot', to: '1' } }, 'notify')).toEqual({ channel: 'telegram', account_id: 'bot', to: '1' });
  const next = { channel: 'whatsapp', account_id: '', to: ' 0811 ' };
  expect(recipientEdit('notify', next)).toEqual({ notify: { channel: 'whatsapp', to: '0811' } });
  expect(recipientEdit('inputs', next)).toEqual({ channel: 'whatsapp', account_id: null, to: '0811' });
});

test('without a channel the default is used', () => {
  const none = { channel: '', account_id: 'bot', to: '1' };
  expect(recipientEdit('notify', none)).toEqual({ notify: null });
  expect(recipientEdit('inputs', none)).toEqual({ channel: null, account_id: null, to: null });
});
