import { screen, waitFor } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { ErrorState } from '@/components/ui/states';
import { ApiError } from '@/lib/api/client';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { OverviewPage } from './overview-page';

vi.mock('@/lib/api/client', async (original: () => Promise<typeof import('@/lib/api/client')>) => {
  const { clientForTests } = await import('../../../tests/support/fake-api');
  return clientForTests(original);
});

const CLOSED = { status: 403, body: { code: 'out_of_scope', title: 'Outside the scope', detail: 'limited', trace_id: 'abc' } };
const ANSWERS = {
  'GET /jobs': { body: [] },
  'GET /monitors': { body: [] },
  'GET /incidents': { body: [] },
  ...Object.fromEntries(['/platform', '/stats', '/queue', '/workers', '/runs/counts', '/connectors', '/incidents/summary'].map((path) => [`GET ${path}`, CLOSED])),
};

describe('a session with a scope', () => {
  it('has an overview of its own jobs, and reads no figure of the deployment', async () => {
    const { sent } = fakeApi(ANSWERS);
    draw(<OverviewPage />, { scope: ['tag:shop', 'job:shop-'] });
    expect(screen.getByText('tag:shop job:shop-')).toBeTruthy();
    await screen.findByText('No incident is open.');
    await waitFor(() => expect(sent.map((each) => each.path)).toContain('/incidents'));
    const read = new Set(sent.map((each) => each.path));
    for (const path of ['/platform', '/stats', '/runs/counts', '/incidents/summary']) expect(read.has(path), path).toBe(false);
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it.each([
    ['en', 'Not in your scope'],
    ['id', 'Di luar cakupan Anda'],
  ] as const)('is told in %s that a page is not in its scope, without a retry', (lang, title) => {
    draw(<ErrorState error={new ApiError(403, 'out_of_scope', 'Outside the scope', 'limited', 'abc')} onRetry={vi.fn()} />, { lang });
    expect(screen.getByText(title)).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
    expect(screen.queryByRole('alert')).toBeNull();
  });
});
