import { expect, test } from 'vitest';
import { pairLines, pointerName, toDifferences } from './diff-lines';

test('differences of a plan and of the audit read the same', () => {
  const expected = [{ pointer: '/enabled', before: true, after: false }];
  expect(toDifferences([{ pointer: '/enabled', before: true, after: false }])).toEqual(expected);
  expect(toDifferences([{ path: '/enabled', from: true, to: false }])).toEqual(expected);
});

test('an absent value is null', () => {
  expect(toDifferences([{ path: '/tags' }])).toEqual([{ pointer: '/tags', before: null, after: null }]);
});

test('a pointer is read with dots and its escapes undone', () => {
  expect(pointerName('/inputs/a~1b/~0c')).toBe('inputs.a/b.~c');
});

test('documents that differ in the order of their keys alone are equal line by line', () => {
  expect(pairLines({ a: 1, b: 2 }, { b: 2, a: 1 }).every((pair) => pair.isSame)).toBe(true);
});

test('a changed line is paired with its old version, and equal lines stay paired', () => {
  expect(pairLines({ a: 1, b: 2, c: 3 }, { a: 1, b: 9, c: 3 })).toEqual([
    { before: '{', after: '{', isSame: true },
    { before: '  "a": 1,', after: '  "a": 1,', isSame: true },
    { before: '  "b": 2,', after: '  "b": 9,', isSame: false },
    { before: '  "c": 3', after: '  "c": 3', isSame: true },
    { before: '}', after: '}', isSame: true },
  ]);
});

test('a line of one side only has no partner', () => {
  const pairs = pairLines({ a: 1 }, { a: 1, z: 0 }).filter((pair) => !pair.isSame);
  expect(pairs).toEqual([
    { before: '  "a": 1', after: '  "a": 1,', isSame: false },
    { before: null, after: '  "z": 0', isSame: false },
  ]);
});

test('a document that is not there yet has no lines', () => {
  expect(pairLines(null, { a: 1 }).map((pair) => pair.before)).toEqual([null, null, null]);
});
