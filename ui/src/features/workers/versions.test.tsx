import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { WorkersPage } from './workers-page';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/workers' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

// It has tests of its own.
vi.mock('./queue-card', () => ({ QueueCard: () => null }));

const check = { status: 'ok', age_ms: 1, instances: 1, reason: null, next_step: null };
const ready = { status: 'ready', version: '1.1.0', schema_version: 1, checks: { redis: check, scheduler: check, worker: check, connector: check } };

function answers(...versions: string[]) {
  const processes = versions.map((version, number) => ({ instance: `worker-${number}`, service: 'worker', host: `vps-${number}`, version, schema_version: 1 }));
  return {
    'GET /workers': { body: [] },
    'GET /readyz': { body: ready },
    'GET /platform': { body: { version: '1.1.0', processes } },
  };
}

test('processes of several versions are named, in both languages', async () => {
  fakeApi(answers('1.1.0', '1.0.0', '1.1.0'));
  const first = draw(<WorkersPage />);
  expect(await screen.findByText(/several versions run: 1\.0\.0, 1\.1\.0\./)).toBeTruthy();
  first.unmount();
  draw(<WorkersPage />, { lang: 'id' });
  expect(await screen.findByText(/beberapa versi sedang berjalan: 1\.0\.0, 1\.1\.0\./)).toBeTruthy();
});

test('one version needs no word', async () => {
  fakeApi(answers('1.1.0', '1.1.0'));
  draw(<WorkersPage />);
  expect(await screen.findByText('No worker is running')).toBeTruthy();
  expect(screen.queryByText(/several versions/)).toBeNull();
});
