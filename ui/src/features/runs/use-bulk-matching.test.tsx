import { act, cleanup, fireEvent, render, renderHook, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LanguageProvider } from '@/lib/i18n';
import { BulkMatchingDialog } from './bulk-matching-dialog';
import { useBulkMatching, type BulkMatchState } from './use-bulk-matching';

const post = vi.hoisted(() => vi.fn<(path: string, options: { body: Record<string, unknown> }) => Promise<unknown>>());
vi.mock('@/lib/api/client', async (original) => ({ ...(await original<object>()), api: { POST: post } }));

const FILTER = { job_id: 'impor', status: ['failed' as const] };

/** A step of the API with only the given fields. */
function step(more: Record<string, unknown>) {
  const empty = { bulk_id: 'b', started_at: '', trace_id: 'f'.repeat(32), matched: 0, done: 0, refused: [], searched: 20_000, total: 20_000, next_cursor: null, stopped: null };
  return Promise.resolve({ data: { ...empty, ...more }, response: new Response('{}') });
}

beforeEach(() => {
  post.mockReset();
});
afterEach(cleanup);

async function counted(cursor: number | null = null) {
  const view = renderHook(() => useBulkMatching(FILTER));
  if (cursor !== null) post.mockReturnValueOnce(step({ matched: 700, searched: 20_000, total: 108_000, next_cursor: cursor }));
  post.mockReturnValueOnce(step({ matched: 584 }));
  act(() => view.result.current.ask('rerun'));
  await waitFor(() => expect(view.result.current.state?.step).toBe('asked'));
  return view.result;
}

describe('an act on all runs that match', () => {
  it('counts first, in steps, and changes nothing by it', async () => {
    const result = await counted(41);
    expect(result.current.state).toMatchObject({ matched: 1_284, done: 0 });
    const bodies = post.mock.calls.map(([, { body }]) => body);
    expect(bodies.map((body) => [body.dry_run, body.cursor, body.filter])).toEqual([
      [true, undefined, FILTER],
      [true, 41, FILTER],
    ]);
  });

  it('runs to the end with the id of its count, and adds up refusals by reason', async () => {
    const result = await counted();
    const refused = [{ code: 'job_not_found', count: 2, sample_run_ids: ['a@1'] }];
    post.mockReturnValueOnce(step({ done: 200, refused, next_cursor: 9 })).mockReturnValueOnce(step({ done: 380, refused }));
    act(() => void result.current.start());
    await waitFor(() => expect(result.current.state?.step).toBe('ended'));
    expect(result.current.state).toMatchObject({ done: 580, halt: null, refused: [{ code: 'job_not_found', count: 4 }] });
    const bodies = post.mock.calls.map(([, { body }]) => body);
    expect(new Set(bodies.map((body) => body.bulk_id)).size).toBe(1);
    expect(bodies.slice(1).map((body) => [body.dry_run, body.cursor])).toEqual([[false, undefined], [false, 9]]);
  });

  it('stops on request, keeps its results, and continues from there', async () => {
    const result = await counted();
    let answer: (value: unknown) => void = () => undefined;
    post.mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
    act(() => void result.current.start());
    act(() => result.current.stop());
    await act(async () => answer(await step({ done: 200, next_cursor: 9 })));
    expect(result.current.state).toMatchObject({ step: 'ended', done: 200, cursor: 9, halt: { code: 'stopped' } });
    expect(post).toHaveBeenCalledTimes(2);
    post.mockReturnValueOnce(step({ done: 384 }));
    act(() => void result.current.start());
    await waitFor(() => expect(result.current.state).toMatchObject({ step: 'ended', done: 584, halt: null }));
    expect(post.mock.lastCall?.[1].body.cursor).toBe(9);
  });

  it('is stopped by a full queue, with the reason', async () => {
    const result = await counted();
    post.mockReturnValueOnce(step({ done: 5, next_cursor: 9, stopped: { code: 'queue_full', detail: 'Full.' } }));
    act(() => void result.current.start());
    await waitFor(() => expect(result.current.state).toMatchObject({ step: 'ended', done: 5, cursor: 9, halt: { code: 'queue_full' } }));
  });
});

describe('its dialog', () => {
  const ended: BulkMatchState = {
    ...{ step: 'ended', act: 'rerun', bulkId: 'b', searched: 9, total: 9, matched: 1_284, done: 1_280, traceId: 'f'.repeat(32), cursor: null, halt: null },
    refused: [{ code: 'job_not_found', count: 4, samples: ['a@1'] }],
  };

  it('asks with the count, in both languages', () => {
    const onStart = vi.fn();
    const props = { state: { ...ended, step: 'asked' as const }, onStart, onStop: vi.fn(), onClose: vi.fn() };
    const view = render(<LanguageProvider initial="en"><BulkMatchingDialog {...props} /></LanguageProvider>);
    screen.getByText('Run 1,284 runs again?');
    fireEvent.click(screen.getByRole('button', { name: 'Start 1,284' }));
    expect(onStart).toHaveBeenCalledOnce();
    view.unmount();
    render(<LanguageProvider initial="id"><BulkMatchingDialog {...props} /></LanguageProvider>);
    screen.getByText('Jalankan ulang 1.284 run?');
  });

  it('shows counts and refusals, and links to the new runs', () => {
    render(<LanguageProvider initial="en"><BulkMatchingDialog state={ended} onStart={vi.fn()} onStop={vi.fn()} onClose={vi.fn()} /></LanguageProvider>);
    screen.getByText('1,280 runs started');
    screen.getByText(/4 refused: their job was deleted/);
    expect(screen.getByRole('link', { name: 'Show the new runs' }).getAttribute('href')).toBe(`/runs?trace=${'f'.repeat(32)}`);
    expect(screen.queryByRole('button', { name: 'Continue' })).toBeNull();
  });
});
