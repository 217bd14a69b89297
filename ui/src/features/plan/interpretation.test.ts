import { expect, test } from 'vitest';
import { segmentsOf } from './interpretation';

test('words have their role, and words between them have none', () => {
  const spans = [
    { start: 0, end: 6, role: 'intent' },
    { start: 7, end: 15, role: 'channel' },
  ];
  expect(segmentsOf('Pantau telegram ya', spans)).toEqual([
    { text: 'Pantau', role: 'intent' },
    { text: ' ', role: null },
    { text: 'telegram', role: 'channel' },
    { text: ' ya', role: null },
  ]);
});

test('spans count code points, so an emoji before a word does not shift it', () => {
  const segments = segmentsOf('🎉 kirim', [{ start: 2, end: 7, role: 'intent' }]);
  expect(segments.at(-1)).toEqual({ text: 'kirim', role: 'intent' });
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
