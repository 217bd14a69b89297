import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { draw } from '../../../tests/support/fake-api';
import { AuthOffBar } from './auth-off-bar';

test('with AUTH=off every page says that everybody is an admin, and how to end it', () => {
  draw(<AuthOffBar />, { auth: 'off' });
  expect(screen.getByRole('note').textContent).toContain('Everybody who reaches this port is an admin');
  expect(screen.getByText('multi-job open')).toBeTruthy();
  expect(screen.queryByRole('button', { name: /close/i })).toBeNull();
});

test('it says so in Indonesian', () => {
  draw(<AuthOffBar />, { auth: 'off', lang: 'id' });
  expect(screen.getByRole('note').textContent).toContain('adalah admin (AUTH=off)');
});

test.each(['auto', 'key', undefined] as const)('with AUTH=%s there is no warning', (auth) => {
  draw(<AuthOffBar />, { auth });
  expect(screen.queryByRole('note')).toBeNull();
});
