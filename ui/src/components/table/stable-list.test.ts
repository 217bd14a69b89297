import { expect, test } from 'vitest';
import { EMPTY, mergeRead, countNew, idsNotRead, type StableList } from './stable-list';

type Row = { id: string; state: string };
const idOf = (row: Row) => row.id;
const rows = (...ids: string[]): Row[] => ids.map((id) => ({ id, state: 'pending' }));
const read = (before: StableList<Row>, ...ids: string[]) => mergeRead(before, rows(...ids), idOf);
const first = (...ids: string[]) => read(EMPTY, ...ids);

test('the first read is shown as it is', () => {
  const list = first('c', 'b', 'a');
  expect(list.order).toEqual(['c', 'b', 'a']);
  expect(countNew(list, idOf)).toBe(0);
});

test('new rows above are held back and counted, and the rows keep their places', () => {
  const list = read(first('c', 'b'), 'e', 'd', 'c', 'b');
  expect(list.order).toEqual(['c', 'b']);
  expect(countNew(list, idOf)).toBe(2);
});

test('a further page is added at the end', () => {
  const list = read(first('c', 'b'), 'c', 'b', 'a');
  expect(list.order).toEqual(['c', 'b', 'a']);
});

test('a row that left the list keeps its place and is named', () => {
  const list = read(first('c', 'b', 'a'), 'c', 'a');
  expect(list.order).toEqual(['c', 'b', 'a']);
  expect(idsNotRead(list, idOf)).toEqual(['b']);
});

test('a row that changed is shown as it was read last', () => {
  const list = mergeRead(first('a'), [{ id: 'a', state: 'delivered' }], idOf);
  expect(list.byId.get('a')?.state).toBe('delivered');
});

test('a read without any known row adds nothing', () => {
  const list = read(first('a'), 'c', 'b');
  expect(list.order).toEqual(['a']);
  expect(countNew(list, idOf)).toBe(2);
  expect(idsNotRead(list, idOf)).toEqual(['a']);
});

test('an empty list shows new rows at once', () => {
  expect(read(first(), 'a').order).toEqual(['a']);
});

test('rows that are held back are kept by the newest read alone, however many have come', () => {
  let list = first('a');
  for (let n = 0; n < 1_000; n += 1) list = read(list, `new-${n}`, 'a');
  expect(list.byId.size).toBe(1);
});
