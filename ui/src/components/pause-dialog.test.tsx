import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../tests/support/fake-api';
import { PauseDialog } from './pause-dialog';

vi.mock('@/lib/api/client', async (original) => (await import('../../tests/support/fake-api')).clientForTests(original));

test('a pause may end at a time of the deployment’s zone', async () => {
  const { writes } = fakeApi({ 'POST /pause': { body: {} } });
  const onClose = vi.fn();
  draw(<PauseDialog jobId="report-daily" onClose={onClose} />);
  await userEvent.type(screen.getByLabelText('Until'), '2026-11-30T07:00');
  await userEvent.click(screen.getByRole('button', { name: 'Pause this job' }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(writes()).toEqual([{ method: 'POST', path: '/pause', body: { scope: 'job', name: 'report-daily', reason: '', until: '2026-11-30T07:00:00+07:00' } }]);
});

test('a time that has passed is refused in the dialog', async () => {
  fakeApi({ 'POST /pause': { status: 422, body: { code: 'invalid_request', title: 'Refused', detail: 'until has passed' } } });
  const onClose = vi.fn();
  draw(<PauseDialog jobId="report-daily" onClose={onClose} />);
  await userEvent.click(screen.getByRole('button', { name: 'Pause this job' }));
  expect((await screen.findByRole('alert')).textContent).toContain('until has passed');
  expect(onClose).not.toHaveBeenCalled();
});
