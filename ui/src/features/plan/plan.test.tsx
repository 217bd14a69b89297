import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { draw, fakeApi } from '../../../tests/support/fake-api';
import { PROMPT, note, planOf, plannedJob } from './plan.fixtures';
import { PlanPage } from './plan-page';
import type { Note } from './queries';

vi.mock('next/navigation', () => ({ useRouter: () => ({ push: vi.fn() }), usePathname: () => '/plan' }));
vi.mock('@/lib/api/client', async (original) => (await import('../../../tests/support/fake-api')).clientForTests(original));

type Asked = { prompt?: string; plan_id?: string; answer?: string; edits?: { job_id: string }[] };

const WORDS = { words: { en: 'every day at 07:00', id: 'setiap hari pukul 07:00' }, next: [], timezone: 'Asia/Jakarta', ends: false, dst_notes: [], skipped: [], holiday_notes: [] };
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
  expect(within(legend).getByRole('button', { name: 'when: tiap hari jam 7 (sets the schedule of report-daily)' })).toBeTruthy();
});

const SET_UP: Note['actions'][number] = {
  action: 'set_up_account',
  target: 'telegram:bot',
  label: 'Set up the account',
  role: 'operator',
  command: 'multi-job connect telegram bot',
};

test('doubt, assumptions and set-up are apart, and a note lights up its words', async () => {
  const notes = [
    note('assumption', 'Jamnya WIB'),
    note('environment', 'Account telegram:bot is not set up: multi-job connect telegram bot', { actions: [SET_UP] }),
    note('unread', '“backup” was not read', { span: { start: 25, end: 31 } }),
    note('refusal', 'Nothing books a ticket'),
  ];
  planner(() => planOf('p1', [plannedJob('report-daily')], notes));
  open();
  const doubt = await screen.findByRole('group', { name: 'Check this' });
  expect(within(doubt).getAllByRole('listitem').map((each) => each.dataset.kind)).toEqual(['refusal', 'unread']);
  expect(within(doubt).getByText('Not understood:')).toBeTruthy();
  expect(within(screen.getByRole('group', { name: 'Assumed' })).getByText('Jamnya WIB')).toBeTruthy();
  const setUp = screen.getByRole('group', { name: 'To set up' });
  expect(within(setUp).getByRole('link', { name: 'Set up the account' }).getAttribute('href')).toBe('/connectors?connect=telegram%3Abot');
  const lit = () => [...document.querySelectorAll('[data-highlighted]')].map((each) => each.textContent);
  expect(document.querySelector('[data-doubted]')?.textContent).toBe('backup');
  within(doubt).getByRole('button', { name: 'Show “backup” in the sentence' }).focus();
  await waitFor(() => expect(lit()).toEqual(['backup']));
});

test('a question holds the plan back until one of its choices is pressed', async () => {
  const question = note('question', 'Which report?', { choices: ['report-daily', 'report-monthly'], job: 'report-daily' });
  const { asked } = planner(({ answer }) => planOf(answer ? 'p2' : 'p1', [plannedJob('report-daily')], answer ? [] : [question]));
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'report-monthly' }));
  await waitFor(() => expect(asked().at(-1)).toEqual({ plan_id: 'p1', answer: 'report-monthly' }));
  await waitFor(() => expect(screen.queryByText('Which report?')).toBeNull());
  expect(apply().disabled).toBe(false);
  expect(screen.getByText('report-monthly')).toBeTruthy();
});

test('while a question is open, the bar says what to do', async () => {
  planner(() => planOf('p1', [plannedJob('report-daily')], [note('question', 'Siapa Bu Ani?', { job: 'report-daily' })]));
  open('id');
  const held = await screen.findByText(/Rencana belum bisa diterapkan selama masih ada pertanyaan tentang report-daily/);
  const button = screen.getByRole<HTMLButtonElement>('button', { name: 'Terapkan…' });
  expect([button.disabled, button.getAttribute('aria-describedby')]).toEqual([true, held.id]);
  await userEvent.click(screen.getByRole('button', { name: 'Ke pertanyaan' }));
  expect(document.activeElement).toBe(screen.getByLabelText('Jawaban Anda'));
});

test('an unknown recipient holds back a plan without jobs too, and is answered in words', async () => {
  const { asked } = planner(({ answer }) => planOf(answer ? 'p2' : 'p1', answer ? [plannedJob('message-lina')] : [], answer ? [] : [note('question', 'What is the number of Lina?')]));
  open();
  expect(await screen.findByText('Nothing is applied while a question is open. Answer it first.')).toBeTruthy();
  expect(apply().disabled).toBe(true);
  expect(screen.queryByText('This sentence plans no job')).toBeNull();
  await userEvent.type(screen.getByLabelText('Your answer'), '0819{Enter}');
  await waitFor(() => expect(card('message-lina')).toBeTruthy());
  expect(asked().at(-1)).toEqual({ plan_id: 'p1', answer: '0819' });
  expect(apply().disabled).toBe(false);
});

test('words change the plan that is shown, and the last ones are undone', async () => {
  const { asked } = planner(({ answer, plan_id: id }) => planOf(answer ? `${id}+` : 'p1', [plannedJob('report-daily')]));
  open('id');
  await userEvent.type(await screen.findByLabelText('Ubah dengan kata-kata'), 'yang tadi jadiin jam 9 ya{Enter}');
  await screen.findByText('summary of p1+');
  await userEvent.type(screen.getByLabelText('Ubah dengan kata-kata'), 'jam 10 saja{Enter}');
  await screen.findByText('summary of p1++');
  expect(asked().slice(1)).toEqual([
    { plan_id: 'p1', answer: 'yang tadi jadiin jam 9 ya' },
    { plan_id: 'p1+', answer: 'jam 10 saja' },
  ]);
  await userEvent.click(screen.getByRole('button', { name: 'Urungkan yang terakhir' }));
  expect(await screen.findByText('summary of p1+')).toBeTruthy();
});

test('a job that is left out keeps its place and is put back', async () => {
  const both = [plannedJob('report-daily'), plannedJob('backup-daily')];
  const { asked, answers, writes } = planner(({ edits }) => planOf(edits ? 'p2' : 'p1', edits ? both.slice(1) : both));
  answers['POST /planner/execute'] = { body: { results: [], plan_id: null, notes: [] } };
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Leave out: report-daily' }));
  expect(await screen.findByText('Left out of this plan')).toBeTruthy();
  expect(asked().at(-1)).toEqual({ plan_id: 'p1', edits: [{ job_id: 'report-daily', leave_out: true }] });
  await userEvent.click(apply());
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Create 1 job' }));
  await waitFor(() => expect(writes().find((each) => each.path === '/planner/execute')?.body).toMatchObject({ plan_id: 'p2' }));
});

test('a job is put back without a request, because the plan before is known', async () => {
  const both = [plannedJob('report-daily'), plannedJob('backup-daily')];
  const { asked } = planner(({ edits }) => planOf(edits ? 'p2' : 'p1', edits ? both.slice(1) : both));
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Leave out: report-daily' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Put back: report-daily' }));
  await waitFor(() => expect(card('report-daily')).toBeTruthy());
  expect(asked().length).toBe(2);
});

test('a change of a stored job becomes a new job, and the edits of other cards stay', async () => {
  const update = plannedJob('report-daily', 'update', { diff: [{ pointer: '/schedule/cron', before: '0 7 * * *', after: '0 8 * * *' }] as never });
  const { asked } = planner(({ edits }) => {
    const isNew = edits?.some((each) => 'make_new' in each);
    const rest = edits?.some((each) => each.job_id === 'backup-daily') ? [] : [plannedJob('backup-daily')];
    return planOf(edits ? 'p2' : 'p1', [isNew ? plannedJob('report-daily-2') : update, ...rest]);
  });
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Leave out: backup-daily' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Make a new job instead: report-daily' }));
  await waitFor(() => expect(card('report-daily-2').getByText('New')).toBeTruthy());
  expect(asked().at(-1)).toEqual({
    plan_id: 'p1',
    edits: [
      { job_id: 'backup-daily', leave_out: true },
      { job_id: 'report-daily', make_new: true },
    ],
  });
  expect(screen.getByRole('button', { name: 'Change the stored job instead: report-daily-2' })).toBeTruthy();
});

test('name, schedule and recipient of a card are edited; a contact fills in its address', async () => {
  const { asked } = planner(({ edits }) => planOf(edits ? 'p2' : 'p1', [plannedJob('report-daily')]));
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Edit: report-daily' }));
  const form = within(await screen.findByRole('form', { name: 'Edit report-daily in this plan' }));
  await userEvent.type(form.getByLabelText('Name'), 'Morning report');
  await userEvent.clear(form.getByLabelText('Cron expression'));
  await userEvent.type(form.getByLabelText('Cron expression'), '30 6 * * *');
  await userEvent.selectOptions(await form.findByLabelText('Contact or account'), 'Bu Siti · whatsapp 0811');
  await userEvent.click(form.getByRole('button', { name: 'Update the plan' }));
  await waitFor(() =>
    expect(asked().at(-1)).toEqual({
      plan_id: 'p1',
      edits: [
        {
          job_id: 'report-daily',
          description: 'Morning report',
          schedule: { cron: '30 6 * * *', timezone: 'Asia/Jakarta' },
          inputs: { notify: { channel: 'whatsapp', to: '0811' } },
        },
      ],
    }),
  );
  await waitFor(() => expect(screen.queryByRole('form', { name: /in this plan/ })).toBeNull());
});

test('a refused edit is shown at its field, and the plan stays', async () => {
  const errors = [{ pointer: '/edits/0/schedule/cron', message: 'no such hour', code: 'bad_cron' }];
  const { answers } = planner(() => planOf('p1', [plannedJob('report-daily')]));
  open();
  await userEvent.click(await screen.findByRole('button', { name: 'Edit: report-daily' }));
  const form = within(await screen.findByRole('form', { name: /in this plan/ }));
  const cron = form.getByLabelText('Cron expression');
  await userEvent.type(cron, '9');
  answers['POST /planner/plan'] = { status: 422, body: { code: 'invalid_spec', title: 'Invalid', detail: '', errors } };
  await userEvent.click(form.getByRole('button', { name: 'Update the plan' }));
  await waitFor(() => expect(cron.getAttribute('aria-invalid')).toBe('true'));
  expect(screen.getByText('summary of p1')).toBeTruthy();
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

test('what the API does not apply unasked is shown for a confirmation', async () => {
  const { answers } = planner(() => planOf('p1', [plannedJob('report-daily')]));
  const waiting = { job_id: 'report-daily', type: 'report.daily', create_status: 'needs_confirmation', run_id: null };
  answers['POST /planner/execute'] = { body: { results: [waiting], plan_id: 'p1', notes: [] } };
  open();
  await waitFor(() => expect(apply().disabled).toBe(false));
  await userEvent.click(apply());
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Create 1 job' }));
  expect((await screen.findByRole('alert')).textContent).toContain('Not applied yet');
  expect(screen.queryByText('Applied')).toBeNull();
  expect(apply().disabled).toBe(false);
});
