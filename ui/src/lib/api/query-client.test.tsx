import { QueryClientProvider, useQuery } from '@tanstack/react-query';
import { act, cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from './client';
import { createQueryClient } from './query-client';

const client = createQueryClient();
let shown: string[];
let answer: () => Promise<string>;
let asked: number;

/** A page as every feature has it: data, else the error, else a skeleton. */
function Page() {
  const { data, error, refetch } = useQuery({
    queryKey: ['page'],
    queryFn: () => {
      asked += 1;
      return answer();
    },
    refetchInterval: 5_000,
  });
  const text = data ?? (error ? 'error' : 'skeleton');
  if (shown.at(-1) !== text) shown.push(text);
  return <button onClick={() => void refetch()}>{text}</button>;
}

const hung = () => new Promise<string>((_, reject) => setTimeout(() => reject(new ApiError(504, 'api_timeout', 't', 'd', '')), 4_000));
const away = () => Promise.reject(new ApiError(502, 'api_unreachable', 't', 'd', ''));
const pass = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms));

describe('a read that fails', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    client.clear();
    shown = [];
    asked = 0;
  });
  afterEach(() => {
    cleanup();
    vi.useRealTimers();
  });
  const open = () => render(<QueryClientProvider client={client}><Page /></QueryClientProvider>);

  it('without data keeps its error through every further attempt, until data comes', async () => {
    answer = hung;
    open();
    await pass(60_000);
    expect(asked).toBeGreaterThan(5);
    expect(shown).toEqual(['skeleton', 'error']);
    answer = () => Promise.resolve('data');
    await pass(10_000);
    expect(shown).toEqual(['skeleton', 'error', 'data']);
  });

  it('with data keeps the data', async () => {
    answer = () => Promise.resolve('data');
    open();
    await pass(100);
    answer = hung;
    await pass(60_000);
    expect(shown).toEqual(['skeleton', 'data']);
  });

  it('after a time-out is not tried again at once; an API that is away is', async () => {
    answer = hung;
    open();
    await pass(4_500);
    expect([asked, shown.at(-1)]).toEqual([1, 'error']);
    cleanup();
    client.clear();
    asked = 0;
    answer = away;
    open();
    await pass(2_000);
    expect(asked).toBe(2);
  });

  it('is tried at once by hand', async () => {
    answer = away;
    open();
    await pass(3_000);
    const before = asked;
    await act(async () => screen.getByRole('button').click());
    expect(asked).toBe(before + 1);
    expect(shown).toEqual(['skeleton', 'error']);
  });

  it('begins with a skeleton again after a reset', async () => {
    answer = hung;
    open();
    await pass(4_500);
    act(() => void client.resetQueries({ queryKey: ['page'] }));
    await pass(100);
    expect(shown).toEqual(['skeleton', 'error', 'skeleton']);
  });
});
