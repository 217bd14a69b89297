import { screen } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { StateBars, type StateBar } from './state-bars';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: () => {} }) }));

const BARS: StateBar[] = [
  { at: '2026-11-25T08:00:00Z', state: 'down', uptime: 0.9 },
  { at: '2026-11-25T09:00:00Z', state: 'down', uptime: 0.95 },
  { at: '2026-11-25T10:00:00Z', state: 'up', uptime: 1 },
];

test('nine minutes of down time in two hours are not two hours', () => {
  fakeApi({});
  draw(<StateBars bars={BARS} lengths={new Map([['down', 536_000], ['up', 9_000_000]])} nameOf={({ at }) => at} />, { lang: 'en' });
  expect(screen.getByRole('img').getAttribute('aria-label')).toBe('Last 24 hours: Down: 8m 56s, Up: 2h 30m');
});

test('bars alone say in how many hours a state was seen', () => {
  fakeApi({});
  draw(<StateBars bars={BARS} nameOf={({ at }) => at} />, { lang: 'id' });
  expect(screen.getByRole('img').getAttribute('aria-label')).toBe('24 jam terakhir: Mati: pada 2 dari 3 jam, Normal: pada 1 dari 3 jam');
});
