import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { PROMPT, note, planOf, plannedJob } from './plan.fixtures';
import { PlanPage } from './plan-page';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/plan' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

type Asked = { prompt?: string; plan_id?: string; answer?: string; edits?: { job_id: string }[] };

const WORDS = { words: { en: 'every day at 07:00', id: 'setiap hari pukul 07:00' }, next: [], timezone: 'Asia/Jakarta', ends: false, dst_notes: [] };
const REPORT_TYPE = {
  type: 'report.daily',
  inputs: { properties: { notify: { type: 'object', properties: { channel: { type: 'string' }, to: { type: 'string' } } } } },
};
const CONTACT = { name: 'Bu Siti', channel: 'whatsapp', to: '0811', account_id: null };

/** An API whose planner answers each request by a function. */
function planner(answer: (asked: Asked) => unknown, more: Parameters<typeof fakeApi>[0] = {}) {
  const api = fakeApi({
    'POST /planner/plan': (asked: Asked) => ({ body: answer(asked) }),
    'POST /schedules/preview': { body: WORDS },
    'GET /job-types': { body: [REPORT_TYPE] },
    'GET /connectors': { body: [] },
    'GET /contacts': { body: [CONTACT] },
    'GET /calendars': { body: [] },
    ...more,
  });
  const asked = () => api.sent.filter((each) => each.path === '/planner/plan').map((each) => each.body as Asked);
  return { ...api, asked };
}

const open = (lang: 'en' | 'id' = 'en') => draw(<PlanPage />, { lang, search: `?prompt=${encodeURIComponent(PROMPT)}` });
const card = (id: string) => within(document.querySelector<HTMLElement>(`[data-job="${id}"]`)!);
const apply = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Apply…' });

test('the sentence reads as it was typed: the roles are not written into it', async () => {
  planner(() => planOf('p1', [plannedJob('report-daily')]));
  open();
  const legend = await screen.findByRole('list', { name: 'Parts of the sentence' });
  expect(document.getElementById('sentence')?.textContent).toBe(PROMPT);
  expect(within(legend).getByRole('button', { name: 'when: tiap hari jam 7' })).toBeTruthy();
});

test('doubt, assumptions and set-up are apart, and a note lights up its words', async () => {
  const notes = [
    note('assumption', 'Jamnya WIB'),
    note('environment', 'Account telegram:bot is not set up: multi-job connect telegram bot'),
    note('unread', '“backup” was not read', { span: { start: 25, end: 31 } }),
    note('refusal', 'Nothing books a ticket'),
  ];
  planner(() => planOf('p1', [plannedJob('report-daily')], notes));
  open();
  const doubt = await screen.findByRole('region', { name: 'Check this' });
  expect(within(doubt).getAllByRole('listitem').map((each) => each.dataset.kind)).toEqual(['refusal', 'unread']);
  expect(within(doubt).getByText('Not understood:')).toBeTruthy();
  expect(within(screen.getByRole('region', { name: 'Assumed' })).getByText('Jamnya WIB')).toBeTruthy();
  const setUp = screen.getByRole('region', { name: 'To set up' });
  expect(within(setUp).getByRole('link', { name: 'Set up this account' })).toBeTruthy();
  const lit = () => [...document.querySelectorAll('[data-highlighted]')].map((each) => each.textContent);
  expect(document.querySelector('[data-doubted]')?.textContent).toBe('backup');
  within(doubt).getByRole('button', { name: 'Show “backup” in the sentence' }).focus();
  await waitFor(() => expect(lit()).toEqual(['backup']));
});

test('actions on stored jobs say what happens, and a deletion asks as one', async () => {
  const jobs = [
    plannedJob('report-daily', 'pause', { until: '2026-12-01T00:00:00+07:00' }),
    plannedJob('backup-daily', 'run'),
    plannedJob('monitor-web', 'delete'),
  ];
  const { answers, writes } = planner(() => planOf('p1', jobs));
  answers['POST /planner/execute'] = { status: 409, body: { code: 'plan_outdated', title: 'Outdated', detail: 'monitor-web has changed' } };
  open();
  expect(await screen.findByText('Run 1 job now, pause 1 job, delete 1 job')).toBeTruthy();
  expect(card('report-daily').getByText(/No run of it starts until then/)).toBeTruthy();
  expect(card('monitor-web').getByText(/This cannot be undone/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: /^Edit:/ })).toBeNull();
  expect(screen.queryByLabelText('Run each once now')).toBeNull();
  await userEvent.click(apply());
  const dialog = within(await screen.findByRole('dialog'));
  expect(dialog.getByText(/1 job is deleted with its schedule/)).toBeTruthy();
  expect(dialog.getByText('1 job starts at once.')).toBeTruthy();
  await userEvent.click(dialog.getByRole('button', { name: 'Run 1 job now, pause 1 job, delete 1 job' }));
  expect(await screen.findByText('Someone has changed these jobs since the plan was created')).toBeTruthy();
  expect(writes().filter((each) => each.path === '/planner/execute').length).toBe(1);
});

