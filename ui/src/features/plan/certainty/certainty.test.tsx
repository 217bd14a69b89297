import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../../tests/support/fake-api';
import { PROMPT, note, planOf, plannedJob } from '../plan.fixtures';
import { PlanPage } from '../plan-page';
import type { Plan } from '../queries';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/plan' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../../tests/support/fake-api')).clientForTests(original));

const WORDS = { words: { en: 'every day at 07:00', id: 'setiap hari pukul 07:00' }, next: [], timezone: 'Asia/Jakarta', ends: false, dst_notes: [], skipped: [], holiday_notes: [] };
const CHANNEL = { type: 'string' };
const TYPES = [
  { type: 'report.daily', inputs: { properties: { notify: { type: 'object', properties: { channel: CHANNEL, to: CHANNEL } } } } },
  { type: 'message.send', inputs: { type: 'object', required: ['text'], properties: { text: { type: 'string', maxLength: 4096 }, channel: CHANNEL, to: CHANNEL } } },
];

type Asked = { plan_id?: string; answer?: string; edits?: { job_id: string; inputs?: object }[] };

/** The page of a plan, and what it asks for; `next` is the plan of each further request. */
function openPlan(plan: Plan, lang: 'en' | 'id', next: (asked: Asked) => Plan = () => plan) {
  const api = fakeApi({
    'POST /planner/plan': (asked: Asked) => ({ body: asked.plan_id ? next(asked) : plan }),
    'POST /planner/execute': { body: { results: [], plan_id: null, notes: [] } },
    'POST /schedules/preview': { body: WORDS },
    'GET /job-types': { body: TYPES },
    'GET /connectors': { body: [] },
    'GET /contacts': { body: [] },
    'GET /calendars': { body: [] },
  });
  draw(<PlanPage />, { lang, search: `?prompt=${encodeURIComponent(PROMPT)}` });
  return api;
}

const card = (id: string) => within(document.querySelector<HTMLElement>(`[data-job="${id}"]`)!);
const button = (name: string | RegExp) => screen.findByRole<HTMLButtonElement>('button', { name });

test('a certain job says so in a word, without a number', async () => {
  openPlan(planOf('p1', [plannedJob('report-daily')]), 'id');
  expect(await screen.findByText('Yakin')).toBeTruthy();
  expect(document.body.textContent).not.toMatch(/\d\s?%/);
  expect((await button('Terapkan…')).disabled).toBe(false);
});

test('a job to check names its field; the button leads to it in the editor, and Apply repeats it', async () => {
  openPlan(planOf('p1', [plannedJob('report-daily', 'create', { certainty: 'check', check: ['schedule', 'to'] })]), 'en');
  expect((await button('Check the time and the recipient, then apply…')).disabled).toBe(false);
  await userEvent.click(await button('Check the time: report-daily'));
  const form = within(await screen.findByRole('form', { name: 'Edit report-daily in this plan' }));
  await waitFor(() => expect(document.activeElement).toBe(form.getByLabelText('At')));
  await userEvent.click(await button('Check the recipient: report-daily'));
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Channel')));
});

test('a field that the person has set is checked no more', async () => {
  const job = plannedJob('message-gajian', 'create', { certainty: 'check', check: ['text'], spec: { type: 'message.send', inputs: { text: 'gajian' }, schedule: { interval_sec: 60 } } });
  const { sent } = openPlan(planOf('p1', [job]), 'id', () => planOf('p2', [job]));
  await userEvent.click(await button('Periksa isi pesannya: message-gajian'));
  const text = await screen.findByLabelText(/^Pesan/);
  await waitFor(() => expect(document.activeElement).toBe(text));
  await userEvent.type(text, ' cair');
  await userEvent.click(await button('Perbarui rencana'));
  expect(await screen.findByText('Yakin')).toBeTruthy();
  expect((sent.at(-1)?.body as Asked).edits).toEqual([{ job_id: 'message-gajian', inputs: { text: 'gajian cair' } }]);
  expect((await button('Terapkan…')).disabled).toBe(false);
});

test('an interval and a start by hand have their own words', async () => {
  const check = { certainty: 'check' as const, check: ['schedule' as const] };
  openPlan(planOf('p1', [plannedJob('a', 'create', { ...check, spec: { schedule: { interval_sec: 60 } } }), plannedJob('b', 'create', { ...check, spec: { schedule: null } })]), 'id');
  expect(await button('Periksa selang waktunya: a')).toBeTruthy();
  expect(await button('Periksa waktu jalannya: b')).toBeTruthy();
});

test('a question about a job is asked in its card, and Apply waits for the answer', async () => {
  const choices = ['Rabu', 'Kamis'];
  const asked = planOf('p1', [plannedJob('report-daily', 'create', { certainty: 'ask' }), plannedJob('backup-all')], [note('question', 'Hari apa?', { job: 'report-daily', choices })]);
  const { sent } = openPlan(asked, 'id', () => planOf('p2', [plannedJob('report-daily')]));
  expect((await button('Terapkan…')).disabled).toBe(true);
  expect(card('report-daily').getByText('Jawab dulu')).toBeTruthy();
  expect(card('backup-all').getByText('Yakin')).toBeTruthy();
  await userEvent.click(card('report-daily').getByRole('button', { name: 'Kamis' }));
  await waitFor(() => expect(card('report-daily').getByText('Yakin')).toBeTruthy());
  expect(sent.at(-1)?.body).toEqual({ plan_id: 'p1', answer: 'Kamis' });
  expect((await button('Terapkan…')).disabled).toBe(false);
});

test('a doubt without a question holds the plan back until the person has settled it', async () => {
  const job = plannedJob('report-daily', 'create', { certainty: 'ask' });
  const { writes } = openPlan(planOf('p1', [job], [note('unread', '“backup” was not read', { job: 'report-daily' })]), 'en');
  expect((await button('Apply…')).disabled).toBe(true);
  expect(await screen.findByText(/Nothing is applied before you have confirmed report-daily/)).toBeTruthy();
  await userEvent.click(await button('Go to the job'));
  expect(document.activeElement).toBe(await button('Yes, I meant this: report-daily'));
  await userEvent.keyboard('{Enter}');
  expect(await screen.findByText('Confirmed by you')).toBeTruthy();
  await userEvent.click(await button('Apply…'));
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Create 1 job' }));
  await waitFor(() => expect(writes().some((each) => each.path === '/planner/execute')).toBe(true));
});

test('another job of that id is doubted again', async () => {
  const doubted = (cron: string) => plannedJob('report-daily', 'create', { certainty: 'ask', spec: { schedule: { cron } } });
  openPlan(planOf('p1', [doubted('0 7 * * *')]), 'en', () => planOf('p2', [doubted('0 8 * * *')]));
  await userEvent.click(await button('Yes, I meant this: report-daily'));
  await userEvent.type(screen.getByLabelText('Change it in words'), 'jam 8{Enter}');
  expect(await button('Yes, I meant this: report-daily')).toBeTruthy();
  expect((await button('Apply…')).disabled).toBe(true);
});

test('a question about the sentence decides about its jobs: none of them is doubted beside it', async () => {
  const question = note('question', 'Prioritas yang mana?', { choices: ['high'] });
  openPlan(planOf('p1', [plannedJob('report-daily', 'create', { certainty: 'ask' })], [question]), 'id');
  expect(await button('high')).toBeTruthy();
  expect(card('report-daily').getByText('Jawab dulu')).toBeTruthy();
  expect(document.querySelectorAll('[data-ask]').length).toBe(1);
});

test('each mark says what its words set and in which job; the message and what is unused are marked as such', async () => {
  const plan = {
    ...planOf('p1', [plannedJob('message-gajian')]),
    prompt: 'ingatkan gajian tiap tanggal 25 dong',
    explain: [
      { start: 9, end: 15, role: 'text', field: 'text', job: 'message-gajian' },
      { start: 16, end: 31, role: 'time', field: 'schedule', job: 'message-gajian' },
      { start: 32, end: 36, role: 'unused', field: null, job: null },
    ],
  };
  openPlan(plan, 'id');
  const mark = async (words: string) => (await screen.findByText(words, { selector: '#sentence span' })).title;
  expect(await mark('gajian')).toBe('isi pesan · mengatur isi pesan di message-gajian');
  expect(await mark('tiap tanggal 25')).toBe('kapan · mengatur jadwal di message-gajian');
  expect(await mark('dong')).toBe('tidak dipakai');
  const legend = within(screen.getByRole('list', { name: 'Bagian kalimat' }));
  expect(legend.getByRole('button', { name: 'isi pesan: gajian (mengatur isi pesan di message-gajian)' })).toBeTruthy();
  expect(legend.getByRole('button', { name: 'tidak dipakai: dong' })).toBeTruthy();
});
