import { screen } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { SidebarNav } from './sidebar';

vi.mock('next/navigation', () => ({ usePathname: () => '/jobs', useRouter: () => ({}) }));
vi.mock('@/lib/api/client', async (original: () => Promise<typeof import('@/lib/api/client')>) => {
  const { clientForTests } = await import('../../../tests/support/fake-api');
  return clientForTests(original);
});

const pages = () => screen.getAllByRole('link').map((link) => link.getAttribute('href'));

it('hides pages about the whole deployment from a session with a scope', () => {
  fakeApi({});
  const { unmount } = draw(<SidebarNav />);
  expect(pages()).toContain('/workers');
  expect(pages()).toContain('/plan');
  unmount();
  draw(<SidebarNav />, { scope: ['tag:shop'] });
  expect(pages()).toEqual(['/', '/incidents', '/monitors', '/jobs', '/runs', '/calendar', '/dead-letters', '/job-types', '/settings']);
});
