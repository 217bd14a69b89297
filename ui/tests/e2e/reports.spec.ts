import { expect, test, uniqueId } from './support/fixtures';

test.use({ platform: 'flows' });

test('a report of a week prints to one page of A4', async ({ page, stack }) => {
  const job = uniqueId('laporan');
  await stack.api('POST', '/jobs', { job_id: job, type: 'report.daily', inputs: { period: 'week', sla_percent: 99.9 } });
  await stack.api('POST', `/jobs/${job}/run`, {});
  type Report = { id: string };
  const reports = () => stack.api<Report[]>('GET', `/reports?job_id=${job}`);
  await expect.poll(async () => (await reports()).length).toBe(1);
  const [report] = await reports();
  const answer = await fetch(`${stack.apiUrl}/reports/${report?.id}`, { headers: { accept: 'text/html' } });
  await page.setContent(await answer.text());
  await expect(page.getByRole('heading', { name: 'Laporan mingguan' })).toBeVisible();
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  expect(pdf.match(/\/Type \/Page\b/g)).toHaveLength(1);
  // A4 in points.
  expect(pdf).toMatch(/\/MediaBox \[0 0 59[45]\S* 84[12]\S*\]/);
});
