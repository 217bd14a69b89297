import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import type { JsonObject } from '@/components/schema-form';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { ScheduleField } from './schedule-field';
import { SchedulePreview } from './schedule-preview';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

const CALENDAR = { name: 'toko', description: 'Jam buka', words: { en: 'Sundays', id: 'hari Minggu' }, jobs: [], updated_at: '', updated_by: '' };
const PREVIEW = {
  words: { en: 'every day at 07:00', id: 'setiap hari pukul 07:00' },
  next: [{ utc: '2026-12-24T00:00:00Z', local: '' }],
  timezone: 'Asia/Jakarta',
  ends: false,
  dst_notes: [],
  skipped: [
    { from: '2026-12-25T00:00:00Z', to: '2026-12-25T00:00:00Z', slots: 1, reason: { en: 'moved to 2026-12-24, holiday: Hari Raya Natal', id: 'digeser ke 2026-12-24, libur: Hari Raya Natal' }, moved_to: '2026-12-24' },
  ],
  holiday_notes: [{ en: 'The dates of 2028 are not published yet.', id: 'Tanggal 2028 belum terbit.' }],
};

function Editor({ first, onSeen }: { first: JsonObject; onSeen: (schedule: JsonObject | undefined) => void }) {
  const [schedule, setSchedule] = useState<JsonObject | undefined>(first);
  onSeen(schedule);
  return (
    <>
      <ScheduleField value={schedule} onValue={setSchedule} errors={{}} />
      <SchedulePreview schedule={schedule} jitterSec={undefined} />
    </>
  );
}

/** Edit a schedule; returns how to read what it has become. */
function edit(first: JsonObject, lang: 'en' | 'id' = 'en') {
  fakeApi({ 'GET /calendars': { body: [CALENDAR] }, 'POST /schedules/preview': { body: PREVIEW } });
  let seen: JsonObject | undefined;
  draw(<Editor first={first} onSeen={(schedule) => (seen = schedule)} />, { lang });
  return () => seen;
}

test('public holidays, joint leave and a calendar are left out, and a run is moved', async () => {
  const now = edit({ cron: '0 7 * * *' });
  await userEvent.click(screen.getByText('Days and times it leaves out'));
  expect(screen.queryByLabelText('A run that falls on such a day')).toBeNull();
  await userEvent.click(screen.getByLabelText('Public holidays'));
  await userEvent.click(screen.getByLabelText(/cuti bersama/));
  await userEvent.click(await screen.findByLabelText(/^toko/));
  await userEvent.selectOptions(screen.getByLabelText('A run that falls on such a day'), 'runs on the last day before that is not left out');
  expect(now()).toEqual({ cron: '0 7 * * *', skip: { holidays: 'ID', cuti_bersama: true, calendars: ['toko'] }, on_skip: 'before' });
  await userEvent.click(screen.getByLabelText('Public holidays'));
  expect(now()).toEqual({ cron: '0 7 * * *', skip: { calendars: ['toko'] }, on_skip: 'before' });
});

test('weekdays, dates of one year and of each, days of the month and times of day are left out', async () => {
  const now = edit({ cron: '0 7 * * *' });
  await userEvent.click(screen.getByText('Days and times it leaves out'));
  await userEvent.click(within(screen.getByRole('group', { name: 'Days of the week' })).getByLabelText('Sun'));
  await userEvent.type(screen.getByLabelText('Dates', { selector: 'input' }), '2026-12-31');
  await userEvent.click(screen.getByRole('button', { name: 'Add: Date' }));
  await userEvent.click(screen.getByLabelText('each year'));
  await userEvent.type(screen.getByLabelText('Dates', { selector: 'input' }), '2026-08-17');
  await userEvent.click(screen.getByRole('button', { name: 'Add: Date' }));
  expect(screen.getByText('17 August, each year')).toBeTruthy();
  await userEvent.type(screen.getByLabelText('Days of the month'), '1{Enter}');
  await userEvent.click(screen.getByRole('button', { name: 'Add a time' }));
  expect(now()?.skip).toEqual({ weekdays: [0], dates: ['08-17', '2026-12-31'], days_of_month: [1], windows: ['22:00-06:00'] });
  await userEvent.click(screen.getByRole('button', { name: 'Remove 22:00-06:00' }));
  await userEvent.click(screen.getByRole('button', { name: 'Remove 31 December 2026' }));
  expect(now()?.skip).toEqual({ weekdays: [0], dates: ['08-17'], days_of_month: [1] });
});

test('an interval that leaves out times has a zone for them', async () => {
  const now = edit({ interval_sec: 420, skip: { windows: ['17:00-08:00'] } });
  await userEvent.type(screen.getByLabelText('Time zone'), 'UTC');
  expect(now()).toEqual({ interval_sec: 420, skip: { windows: ['17:00-08:00'] }, timezone: 'UTC' });
  await userEvent.click(screen.getByRole('button', { name: 'Remove 17:00-08:00' }));
  expect(now()).toEqual({ interval_sec: 420 });
});

test('the preview says what is left out, why, and what is not sure', async () => {
  edit({ cron: '0 7 * * *', skip: { holidays: 'ID' } }, 'id');
  expect(await screen.findByText('digeser ke 2026-12-24, libur: Hari Raya Natal')).toBeTruthy();
  expect(screen.getByText('Jum, 25 Des 2026, 07:00')).toBeTruthy();
  expect(screen.getByText('Tanggal 2028 belum terbit.')).toBeTruthy();
});
