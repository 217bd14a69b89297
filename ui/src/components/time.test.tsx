import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, test, vi } from 'vitest';
import { TimesProvider } from '@/lib/time/times';
import { draw } from '../../tests/support/fake-api';
import { RelativeTime } from './time';
import { TimesSwitch } from './times-switch';

const AT = '2026-11-24T00:00:00Z';
const page = (
  <TimesProvider initial="relative">
    <TimesSwitch />
    <RelativeTime at={AT} />
  </TimesProvider>
);

beforeEach(() => {
  // jsdom has no popovers.
  HTMLElement.prototype.showPopover = vi.fn();
});

test('a relative time shows the exact one on focus, and hides it on Escape', async () => {
  draw(page);
  await userEvent.tab();
  await userEvent.tab();
  const tip = screen.getByRole('tooltip', { hidden: true });
  expect(tip.textContent).toContain('24 Nov 2026, 07:00:00 WIB');
  expect(tip.textContent).toContain('UTC');
  await userEvent.keyboard('{Escape}');
  expect(screen.queryByRole('tooltip', { hidden: true })).toBeNull();
});

test('the pointer shows it too', async () => {
  draw(page, { lang: 'id' });
  await userEvent.hover(document.querySelector('time')!);
  expect(screen.getByRole('tooltip', { hidden: true }).textContent).toContain('24 Nov 2026, 07:00:00 WIB');
});

test('the switch shows exact times in lists and is remembered', async () => {
  draw(page);
  const shown = document.querySelector('time')!;
  const relative = shown.textContent;
  await userEvent.click(screen.getByRole('button', { name: 'Exact times' }));
  expect(shown.textContent).toMatch(/07:00(:00)? WIB$/);
  expect(document.cookie).toContain('mj_times=exact');
  await userEvent.click(screen.getByRole('button', { name: 'Exact times' }));
  expect(shown.textContent).toBe(relative);
});
