import { expect, test } from 'vitest';
import { linksOf, splitCommands } from './links';

test('the command of a message can be copied', () => {
  expect(splitCommands('Account telegram:bot_a01 is not set up: multi-job connect telegram bot_a01')).toEqual([
    { text: 'Account telegram:bot_a01 is not set up: ', isCommand: false },
    { text: 'multi-job connect telegram bot_a01', isCommand: true },
  ]);
});

test('a message that goes to the sandbox links to its inbox', () => {
  const message = 'The report goes to the sandbox inbox (GET /connectors/sandbox/messages) until a recipient is set: multi-job notify set.';
  expect(linksOf(message).map((each) => each.place)).toEqual(['inbox']);
  expect(splitCommands(message)[1]).toEqual({ text: 'multi-job notify set', isCommand: true });
});

test('a request to stop leads to each job that it means', () => {
  const message = 'to stop it: `multi-job disable report-daily`, `multi-job disable monitor-toko.example`.';
  expect(linksOf(message).map((each) => each.href)).toEqual(['/jobs/report-daily', '/jobs/monitor-toko.example']);
});

test('a message without a command is one part without remedies', () => {
  expect(splitCommands('No recipient was said.')).toEqual([{ text: 'No recipient was said.', isCommand: false }]);
  expect(linksOf('`multi-job disable ID` stops one.')).toEqual([]);
});
