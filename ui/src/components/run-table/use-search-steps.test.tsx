import { act, renderHook } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { AUTO_RECORDS, progressOf, useSearchSteps } from './use-search-steps';

const STEP = 20_000;
type Shown = { rows: number; searched: number; isFetching?: boolean; isFailed?: boolean; hasMore?: boolean; name?: string };

function search(first: Shown) {
  const fetchNext = vi.fn();
  const options = ({ rows, searched, isFetching = false, isFailed = false, hasMore = true, name = 'a' }: Shown) => ({
    ...{ name, rows, isFetching, isFailed, hasMore, fetchNext },
    progress: { searched, total: 1_000_000 },
  });
  const view = renderHook((shown: Shown) => useSearchSteps(options(shown)), { initialProps: first });
  return { ...view, fetchNext };
}

describe('the progress of a search', () => {
  it('adds up the examined records of all pages, and the rest after the last one', () => {
    const pages = [{ step: { searched: STEP, total: 108_000 } }, { step: { searched: STEP, total: 87_900 } }];
    expect(progressOf(pages)).toEqual({ searched: 2 * STEP, total: 107_900 });
  });

  it('is nothing for a list that one index has', () => {
    expect(progressOf([{}])).toBeNull();
    expect(progressOf([])).toBeNull();
  });
});

describe('the steps of a search', () => {
  it('go on over empty pages until a screen is full', () => {
    const { rerender, fetchNext } = search({ rows: 0, searched: STEP });
    expect(fetchNext).toHaveBeenCalledTimes(1);
    rerender({ rows: 0, searched: STEP, isFetching: true });
    rerender({ rows: 3, searched: 2 * STEP });
    expect(fetchNext).toHaveBeenCalledTimes(2);
    rerender({ rows: 60, searched: 3 * STEP, isFetching: false });
    expect(fetchNext).toHaveBeenCalledTimes(2);
  });

  it('read more once the end of the list comes near', () => {
    const { result, fetchNext } = search({ rows: 60, searched: STEP });
    expect(fetchNext).not.toHaveBeenCalled();
    act(() => result.current.onEnd());
    expect(fetchNext).toHaveBeenCalledTimes(1);
  });

  it('are held at their bound, and by Stop, until a person continues', () => {
    const { result, rerender, fetchNext } = search({ rows: 0, searched: AUTO_RECORDS });
    expect([result.current.isHeld, result.current.isSearching]).toEqual([true, false]);
    act(() => result.current.onEnd());
    expect(fetchNext).not.toHaveBeenCalled();
    act(() => result.current.resume());
    expect([result.current.isHeld, fetchNext.mock.calls.length]).toEqual([false, 1]);
    rerender({ rows: 0, searched: AUTO_RECORDS + STEP, isFetching: true });
    act(() => result.current.stop());
    rerender({ rows: 0, searched: AUTO_RECORDS + 2 * STEP });
    expect([result.current.isHeld, fetchNext.mock.calls.length]).toEqual([true, 1]);
  });

  it('are held by an error, and try again only when asked', () => {
    const { result, rerender, fetchNext } = search({ rows: 0, searched: STEP, isFailed: true });
    rerender({ rows: 0, searched: STEP, isFailed: true, isFetching: false });
    expect([result.current.isHeld, fetchNext.mock.calls.length]).toEqual([true, 0]);
    act(() => result.current.resume());
    expect(fetchNext).toHaveBeenCalledTimes(1);
  });

  it('end with the list, and start again with another one', () => {
    const { result, rerender, fetchNext } = search({ rows: 0, searched: AUTO_RECORDS, hasMore: false });
    expect([result.current.isHeld, result.current.isSearching]).toEqual([false, false]);
    rerender({ name: 'b', rows: 0, searched: STEP });
    expect([result.current.isSearching, fetchNext.mock.calls.length]).toEqual([true, 1]);
  });
});
