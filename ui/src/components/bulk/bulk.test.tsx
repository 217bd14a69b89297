import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { ApiError } from '@/lib/api/client';
import { requestEach, useBulkAction } from './use-bulk-action';

const refuse = () => Promise.reject(new ApiError(409, 'run_ended', 'Run ended', 'It has ended.', ''));
const noop = () => {};

it('lists the rejected items by id and keeps the order of the items', async () => {
  const rejections = await requestEach(['a', 'b', 'c'], (id) => id, (id) => (id === 'b' ? refuse() : Promise.resolve()), noop);
  expect(rejections.map(({ id, problem }) => [id, problem.code])).toEqual([['b', 'run_ended']]);
});

it('asks, shows progress, and ends with the rejected items', async () => {
  const onDone = vi.fn();
  let open = noop;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const { result } = renderHook(() =>
    useBulkAction<'cancel', string>(async (_action, items, onProgress) => {
      await gate;
      return requestEach(items, (id) => id, (id) => (id === 'b' ? refuse() : Promise.resolve()), onProgress);
    }, onDone),
  );
  act(() => result.current.ask('cancel'));
  expect(result.current.state).toEqual({ step: 'asked', action: 'cancel' });
  act(() => void result.current.start('cancel', ['a', 'b']));
  expect(result.current.state).toEqual({ step: 'working', action: 'cancel', done: 0, total: 2 });
  open();
  await waitFor(() => expect(result.current.state).toMatchObject({ step: 'rejected', succeeded: 1, rejections: [{ id: 'b' }] }));
  expect(onDone).toHaveBeenCalledExactlyOnceWith('cancel', 1);
});

it('closes itself when every item succeeded', async () => {
  const onDone = vi.fn();
  const { result } = renderHook(() => useBulkAction<'cancel', string>(async () => [], onDone));
  await act(() => result.current.start('cancel', ['a']));
  expect(result.current.state).toBeNull();
  expect(onDone).toHaveBeenCalledExactlyOnceWith('cancel', 1);
});
