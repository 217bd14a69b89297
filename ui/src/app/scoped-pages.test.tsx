import { screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import { DeadLettersPage } from '@/features/dead-letters/dead-letters-page';
import { IncidentsPage } from '@/features/incidents/incidents-page';
import { JobsPage } from '@/features/jobs/jobs-page';
import { MonitorsPage } from '@/features/monitors/monitors-page';
import { RunsPage } from '@/features/runs/runs-page';
import { WorkersPage } from '@/features/workers/workers-page';
import { draw, fakeApi } from '../../tests/support/fake-api';

vi.mock('next/navigation', () => ({ usePathname: () => '/', useRouter: () => ({}), useSearchParams: () => new URLSearchParams() }));
vi.mock('@/lib/api/client', async (original: () => Promise<typeof import('@/lib/api/client')>) => {
  const { clientForTests } = await import('../../tests/support/fake-api');
  return clientForTests(original);
});

const CLOSED = { status: 403, body: { code: 'out_of_scope', title: 'Outside the scope', detail: 'limited', trace_id: 'abc' } };
const OPEN = ['/jobs', '/runs', '/monitors', '/incidents', '/dead-letters', '/job-types', '/calendars'];
const CLOSED_PATHS = ['/queue', '/queues', '/workers', '/runs/counts', '/connectors', '/incidents/summary', '/platform', '/stats', '/contacts', '/maintenance'];
const ANSWERS = {
  ...Object.fromEntries(OPEN.map((path) => [`GET ${path}`, { body: [] }])),
  ...Object.fromEntries(CLOSED_PATHS.map((path) => [`GET ${path}`, CLOSED])),
};

const PAGES: [string, string, ReactNode][] = [
  ['jobs', 'Jobs', <JobsPage key="page" />],
  ['runs', 'Runs', <RunsPage key="page" openedAt={0} />],
  ['monitors', 'Monitors', <MonitorsPage key="page" />],
  ['incidents', 'Incidents', <IncidentsPage key="page" />],
  ['dead letters', 'Needs a decision', <DeadLettersPage key="page" />],
];

it.each(PAGES)('the page of %s works without the figures of the deployment', async (_name, title, page) => {
  const { sent } = fakeApi(ANSWERS);
  draw(page, { scope: ['tag:shop'] });
  expect(await screen.findByRole('heading', { level: 1, name: title })).toBeTruthy();
  await vi.waitFor(() => expect(sent.length).toBeGreaterThan(0));
  await vi.waitFor(() => expect(document.querySelector('[aria-busy="true"]')).toBeNull(), { timeout: 5000 });
  expect(screen.queryByRole('alert')).toBeNull();
});

it('a page about the deployment says that it is not in the scope', async () => {
  fakeApi(ANSWERS);
  draw(<WorkersPage />, { scope: ['tag:shop'] });
  expect((await screen.findAllByText('Not in your scope')).length).toBeGreaterThan(0);
  expect(screen.queryByRole('alert')).toBeNull();
});
