import { expect, test } from 'vitest';
import { piecesOf, segmentsOf, wordsAt } from './interpretation';

test('words have their role, and words between them have none', () => {
  const spans = [
    { start: 0, end: 6, role: 'intent' },
    { start: 7, end: 15, role: 'channel' },
  ];
  expect(segmentsOf('Pantau telegram ya', spans).map(({ text, role }) => ({ text, role }))).toEqual([
    { text: 'Pantau', role: 'intent' },
    { text: ' ', role: null },
    { text: 'telegram', role: 'channel' },
    { text: ' ya', role: null },
  ]);
});

test('spans count code points, so an emoji before a word does not shift it', () => {
  const segments = segmentsOf('🎉 kirim', [{ start: 2, end: 7, role: 'intent' }]);
  expect(segments.at(-1)).toMatchObject({ text: 'kirim', role: 'intent' });
});

test('neighbours of one role are one stretch, the space between them included', () => {
  const spans = [
    { start: 0, end: 9, role: 'time' },
    { start: 10, end: 15, role: 'time' },
    { start: 20, end: 25, role: 'time' },
  ];
  expect(segmentsOf('tiap hari jam 9 dan jam 5', spans).map((each) => each.text)).toEqual([
    'tiap hari jam 9',
    ' dan ',
    'jam 5',
  ]);
});

test('neighbours that set other fields or other jobs stay apart', () => {
  const spans = [
    { start: 0, end: 7, role: 'time', field: 'schedule', job: 'report-daily' },
    { start: 8, end: 13, role: 'time', field: 'schedule', job: 'report-daily' },
    { start: 14, end: 19, role: 'time', field: 'schedule', job: 'backup-all' },
  ];
  const segments = segmentsOf('tiap hr jam 9 jam 5', spans).filter((each) => each.role !== null);
  expect(segments).toEqual([
    { text: 'tiap hr jam 9', role: 'time', field: 'schedule', job: 'report-daily' },
    { text: 'jam 5', role: 'time', field: 'schedule', job: 'backup-all' },
  ]);
});

test('joined segments are the prompt again, whatever the spans', () => {
  const prompt = 'a 👩‍👩‍👧 b\nc';
  const spans = [
    { start: 8, end: 9, role: 'text' },
    { start: 0, end: 1, role: 'intent' },
    { start: 0, end: 99, role: 'time' },
  ];
  const text = segmentsOf(prompt, spans)
    .map((each) => each.text)
    .join('');
  expect(text).toBe(prompt);
});

test('a note cuts the segments at its span, and a doubt marks its words', () => {
  const segments = segmentsOf('🎉 laporan jam 25 ya', [{ start: 2, end: 9, role: 'intent' }]);
  const pieces = piecesOf(segments, [{ start: 2, end: 5 }], [{ start: 10, end: 16 }]);
  expect(pieces.map(({ text, role, isDoubted }) => [text, role, isDoubted])).toEqual([
    ['🎉 ', null, false],
    ['lap', 'intent', false],
    ['oran', 'intent', false],
    [' ', null, false],
    ['jam 25', null, true],
    [' ya', null, false],
  ]);
  expect(pieces.map((each) => each.start)).toEqual([0, 2, 5, 9, 10, 16]);
});

test('the words of a note are those at its code points', () => {
  expect(wordsAt('🎉 laporan jam 25 ya', { start: 10, end: 17 })).toBe('jam 25');
});
