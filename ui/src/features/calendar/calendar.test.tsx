import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { CalendarPage } from './calendar-page';
import { marksOf, ticksOf, type FireJob } from './model';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/calendar' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

const SPAN = { from: Date.parse('2026-03-02T00:00:00Z'), to: Date.parse('2026-03-03T00:00:00Z') };
const job = (job_id: string, fires: string[], more: Partial<FireJob> = {}): FireJob => ({
  job_id, type: 'simulation.load', count: fires.length, next_at: fires[0] ?? '2026-03-02T00:00:30Z', fires, tags: [], paused: false, paused_until: null, ...more,
});
const answer = (jobs: FireJob[], collisions: { at: string; jobs: string[] }[] = [], windows: object[] = []) => ({
  'GET /maintenance': { body: windows },
  'GET /fires': { body: { from: '2026-03-02T00:00:00Z', to: '2026-03-03T00:00:00Z', jobs, collisions } },
});

test('each job has a line that also says its fires in words', async () => {
  fakeApi(answer([job('often', [], { count: 2880 }), job('report', ['2026-03-02T06:00:00Z', '2026-03-02T18:00:00Z'])]));
  draw(<CalendarPage />);
  expect(await screen.findByRole('img', { name: /^report: 2 times, next .*at / })).toBeTruthy();
  expect(screen.getByRole('img', { name: /^often: 2,880 times/ })).toBeTruthy();
});

test('a paused job says so, and until when', async () => {
  fakeApi(answer([job('a', ['2026-03-02T06:00:00Z'], { paused: true }), job('b', ['2026-03-02T06:00:00Z'], { paused: true, paused_until: '2026-03-02T07:00:00Z' })]));
  draw(<CalendarPage />, { lang: 'id' });
  expect(await screen.findByText('Dijeda')).toBeTruthy();
  expect(screen.getByText(/^Dijeda sampai/)).toBeTruthy();
});

test('maintenance is shown at the jobs that it covers', async () => {
  const window = { id: 'm', scope: 'tag:shop', starts_at: null, ends_at: null, rrule: 'FREQ=DAILY', duration_min: 60, timezone: 'UTC', reason: '', created_by: 'a', active_until: null, next_start: '2026-03-02T12:00:00Z' };
  fakeApi(answer([job('a', ['2026-03-02T06:00:00Z'], { tags: ['shop'] }), job('b', ['2026-03-02T06:00:00Z'])], [], [window]));
  draw(<CalendarPage />);
  expect(await screen.findAllByText('Maintenance')).toHaveLength(1);
});

test('shared minutes name their jobs; the first ones are shown', async () => {
  const collisions = Array.from({ length: 10 }, (_, hour) => ({ at: `2026-03-02T0${hour}:00:00Z`, jobs: ['a', 'b'] }));
  fakeApi(answer([job('a', ['2026-03-02T06:00:00Z'])], collisions));
  draw(<CalendarPage />);
  await userEvent.click(await screen.findByRole('button', { name: '2 more minutes' }));
  expect(screen.getAllByRole('link', { name: 'b' })).toHaveLength(10);
});

test('without fires the page says what to do', async () => {
  fakeApi(answer([]));
  draw(<CalendarPage />);
  expect(await screen.findByText('Nothing fires in this time')).toBeTruthy();
});

test('close fires share a mark', () => {
  const marks = marksOf(['2026-03-02T12:00:00Z', '2026-03-02T12:01:00Z', '2026-03-02T18:00:00Z'], SPAN);
  expect(marks).toEqual([{ at: 50, count: 2 }, { at: 75, count: 1 }]);
});

test('the axis has the hours and midnights of the zone', () => {
  expect(ticksOf(SPAN, 'day', 'Asia/Kolkata', 'en').slice(0, 2).map((tick) => tick.label)).toEqual(['06:00', '09:00']);
  const week = { from: SPAN.from, to: SPAN.from + 7 * 86_400_000 };
  expect(ticksOf(week, 'week', 'Asia/Jakarta', 'en')).toHaveLength(7);
});
