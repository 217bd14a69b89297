import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { PauseBar } from './pause-bar';

vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

const pause = (scope: 'all' | 'job', name: string | null) => ({
  scope,
  name,
  reason: 'moving the server',
  actor: 'ana',
  since: '2026-11-25T02:00:00Z',
  until: null,
  held: 3,
});
const queue = (...paused: object[]) => ({ body: { paused } });

test('a paused platform says so, with reason, author and the button that resumes it', async () => {
  const { writes, answers } = fakeApi({ 'GET /queue': queue(pause('all', null)), 'POST /resume': { body: {} } });
  draw(<PauseBar />);
  expect(await screen.findByText('The platform is paused.')).toBeTruthy();
  expect(screen.getByText('moving the server')).toBeTruthy();
  expect(screen.getByText(/by ana .* 3 runs wait/)).toBeTruthy();
  answers['GET /queue'] = queue();
  await userEvent.click(screen.getByRole('button', { name: 'Resume' }));
  await waitFor(() => expect(screen.queryByText('The platform is paused.')).toBeNull());
  expect(writes()).toEqual([{ method: 'POST', path: '/resume', body: { scope: 'all', name: null } }]);
});

test('a viewer sees the fact and no button', async () => {
  fakeApi({ 'GET /queue': queue(pause('all', null)) });
  draw(<PauseBar />, { role: 'viewer', lang: 'id' });
  expect(await screen.findByText('Platform sedang dijeda.')).toBeTruthy();
  expect(screen.queryByRole('button')).toBeNull();
});

test('the pause of one job is no matter of every page', async () => {
  const { sent } = fakeApi({ 'GET /queue': queue(pause('job', 'shop')) });
  draw(<PauseBar />);
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(screen.queryByText('The platform is paused.')).toBeNull();
});
