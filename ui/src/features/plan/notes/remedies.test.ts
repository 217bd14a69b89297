import { expect, test } from 'vitest';
import { remediesOf, splitCommands } from './remedies';

test('a missing account links to the connectors page', () => {
  const message = 'Account telegram:bot_a01 is not set up: multi-job connect telegram bot_a01';
  expect(remediesOf(message)).toEqual([{ href: '/connectors?connect=telegram%3Abot_a01', place: 'connect' }]);
  expect(splitCommands(message)).toEqual([
    { text: 'Account telegram:bot_a01 is not set up: ', isCommand: false },
    { text: 'multi-job connect telegram bot_a01', isCommand: true },
  ]);
});

test('a placeholder in a command is no account', () => {
  expect(remediesOf('Belum ada akun telegram: multi-job connect telegram NAMA')).toEqual([
    { href: '/connectors?connect=telegram', place: 'connect' },
  ]);
});

test('a missing recipient links to the settings and the sandbox inbox', () => {
  const message =
    'The report goes to the sandbox inbox (GET /connectors/sandbox/messages) until a recipient is set: multi-job notify set, or DEFAULT_NOTIFY=channel:account:to.';
  expect(remediesOf(message).map((each) => each.place)).toEqual(['notify', 'inbox']);
  expect(splitCommands(message)[1]).toEqual({ text: 'multi-job notify set', isCommand: true });
});

test('a request to stop leads to each job that it means', () => {
  const message = 'to stop it: `multi-job disable report-daily`, `multi-job disable monitor-toko.example`.';
  expect(remediesOf(message).map((each) => each.href)).toEqual(['/jobs/report-daily', '/jobs/monitor-toko.example']);
});

test('a message without a command is one part without remedies', () => {
  expect(splitCommands('No recipient was said.')).toEqual([{ text: 'No recipient was said.', isCommand: false }]);
  expect(remediesOf('`multi-job disable ID` stops one.')).toEqual([]);
});
