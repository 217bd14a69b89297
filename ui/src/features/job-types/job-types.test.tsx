import { screen, within } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { JobTypesPage } from './job-types-page';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/job-types' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

const DEFAULTS = { timeout_ms: 30_000, retry_policy: { max_retry: 3 } };
const WATER = {
  type: 'garden.water',
  description: 'Waters a bed',
  tools: ['kv'],
  defaults: DEFAULTS,
  inputs: { title: 'Water', properties: { bed: { type: 'string', title: 'Bed' } } },
  phrases: { nouns: ['kebun', 'garden'], verbs: ['siram', 'water'], slots: [{ field: 'bed', words: ['bedeng', 'bed'] }], schedule: { cron: '0 6 * * *' } },
};
const SILENT = { ...WATER, type: 'garden.count', description: 'Counts plants', phrases: null };

const card = async (type: string) => {
  await screen.findByRole('heading', { level: 1 });
  await screen.findAllByText(/garden/);
  return within(document.querySelector<HTMLElement>(`[data-type="${type}"]`)!);
};

test('the words that ask for a type of a package are shown, with its inputs and default schedule', async () => {
  fakeApi({ 'GET /job-types': { body: [WATER, SILENT] } });
  draw(<JobTypesPage />);
  const water = await card('garden.water');
  expect(water.getByText('siram · water')).toBeTruthy();
  expect(water.getByText('“bedeng”, “bed” → Bed')).toBeTruthy();
  expect(water.getByText('cron 0 6 * * *')).toBeTruthy();
  expect(water.getByRole('link', { name: 'New job: garden.water' }).getAttribute('href')).toBe('/jobs/new?type=garden.water');
});

test('a type without words says how its jobs are created', async () => {
  fakeApi({ 'GET /job-types': { body: [SILENT] } });
  draw(<JobTypesPage />, { lang: 'id', role: 'viewer' });
  const silent = await card('garden.count');
  expect(silent.getByText(/Tidak ada kalimat untuk tipe ini/)).toBeTruthy();
  expect(silent.queryByRole('link')).toBeNull();
});

test('a built-in type has a sentence to try', async () => {
  fakeApi({ 'GET /job-types': { body: [{ ...SILENT, type: 'report.daily' }] } });
  draw(<JobTypesPage />, { lang: 'id' });
  const link = await screen.findByRole('link', { name: '“Laporan harian jam 7 pagi”' });
  expect(link.getAttribute('href')).toBe('/plan?prompt=Laporan%20harian%20jam%207%20pagi');
  expect(screen.queryByText(/Tidak ada kalimat/)).toBeNull();
});
