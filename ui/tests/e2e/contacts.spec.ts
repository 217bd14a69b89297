import { expect, open, test } from './support/fixtures';

test.use({ platform: 'flows' });

type Contact = { name: string; channel: string; to: string };

test('a contact is created, found, changed and deleted', async ({ page, stack, problems }) => {
  await open(page, '/contacts');
  await page.getByRole('button', { name: 'New contact' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Pak Budi');
  await dialog.getByLabel('Channel').selectOption('telegram');
  await dialog.getByLabel('Address').fill('-100123');
  await dialog.getByRole('button', { name: 'Save the contact' }).click();
  await expect(page.getByText('-100123')).toBeVisible();
  expect(await stack.api<Contact>('GET', '/contacts/pak%20budi')).toMatchObject({ name: 'Pak Budi', channel: 'telegram', to: '-100123' });

  await page.getByRole('searchbox').fill('budi');
  await expect(page).toHaveURL(/q=budi/);
  await page.getByRole('button', { name: 'Edit Pak Budi' }).click();
  await dialog.getByLabel('Address').fill('-100456');
  await dialog.getByRole('button', { name: 'Save the contact' }).click();
  await expect(page.getByText('-100456')).toBeVisible();

  await page.getByRole('button', { name: 'Delete Pak Budi' }).click();
  await dialog.getByRole('button', { name: 'Delete Pak Budi' }).click();
  await expect(page.getByText('-100456')).toBeHidden();
  expect((await stack.api<Contact[]>('GET', '/contacts')).filter((each) => each.name === 'Pak Budi')).toEqual([]);
  expect(problems).toEqual([]);
});
