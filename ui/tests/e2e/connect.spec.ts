import { Stack, expect, open, test as base } from './support/fixtures';
import { FakeSlack } from './support/slack';
import { FakeTelegram } from './support/telegram';

/** A platform whose Telegram and Slack are fakes on loopback. */
const test = base.extend<object, { telegram: FakeTelegram; slack: FakeSlack; stack: Stack }>({
  slack: [
    async ({}, use) => {
      const slack = await new FakeSlack().start();
      await use(slack);
      await slack.stop();
    },
    { scope: 'worker' },
  ],
  telegram: [
    async ({}, use) => {
      const telegram = await new FakeTelegram().start();
      await use(telegram);
      await telegram.stop();
    },
    { scope: 'worker' },
  ],
  stack: [
    async ({ telegram, slack }, use) => {
      const stack = new Stack({ TELEGRAM_API_BASE: telegram.url, HTTP_ALLOW_PRIVATE: slack.place });
      try {
        await use(await stack.start());
      } finally {
        await stack.stop();
      }
    },
    { scope: 'worker', timeout: 300_000 },
  ],
});

test('a bot is set up step by step: token, check, /start, chat, test message, alarms', async ({ page, stack, telegram, problems }) => {
  await open(page, '/connectors?connect=telegram:bot_a01');
  const wizard = page.getByRole('dialog');
  await wizard.getByLabel('Bot token').fill('12345:nobody-knows-this-token-at-all-000');
  await wizard.getByRole('button', { name: 'Save and check' }).click();
  await expect(wizard.getByText('It is saved, but it does not work yet.')).toBeVisible();

  await wizard.getByRole('button', { name: 'Change what was entered' }).click();
  await wizard.getByLabel('Bot token').fill(telegram.token);
  await wizard.getByRole('button', { name: 'Save and check' }).click();
  await expect(wizard.getByText('It works.')).toBeVisible();
  await wizard.getByRole('button', { name: 'Next' }).click();

  await expect(wizard.getByText('Now send /start to your bot')).toBeVisible();
  telegram.write(1, 4711, 'Sari', '/start');
  await wizard.getByText('Sari').click();
  await wizard.getByRole('button', { name: 'Save recipient' }).click();

  await wizard.getByRole('button', { name: 'Send test message' }).click();
  await expect(wizard.getByText('The channel accepted it.')).toBeVisible();
  expect(await telegram.texts()).toEqual([expect.stringContaining('bot_a01 is set up')]);
  await wizard.getByRole('button', { name: 'Next' }).click();

  await wizard.getByRole('button', { name: /^Use/ }).click();
  await expect(wizard.getByText('All is saved.')).toBeVisible();
  expect(await stack.api('GET', '/settings/default-notify')).toMatchObject({ value: 'telegram:bot_a01:4711' });
  await wizard.getByRole('button', { name: 'Finish' }).click();
  await expect(page.getByRole('article', { name: 'telegram:bot_a01' })).toContainText('Up');
  expect(await page.content()).not.toContain(telegram.token);
  expect(problems).toEqual([]);
});

test.describe('in Indonesian, on a phone', () => {
  test.use({ lang: 'id', viewport: { width: 390, height: 844 } });

  test('a Slack webhook is set up without a recipient', async ({ page, stack, slack, problems }) => {
    await open(page, '/connectors?connect=slack');
    const wizard = page.getByRole('dialog');
    await wizard.getByLabel('Nama dari Anda').fill('ops');
    await wizard.getByLabel('URL webhook').fill(slack.url.replace('B0FAKE', 'B0GONE'));
    await wizard.getByRole('button', { name: 'Simpan dan cek' }).click();
    await expect(wizard.getByText('Slack tidak mengenal webhook ini', { exact: false })).toBeVisible();
    await wizard.getByRole('button', { name: 'Ubah isian' }).click();
    await wizard.getByLabel('URL webhook').fill(slack.url);
    await wizard.getByRole('button', { name: 'Simpan dan cek' }).click();
    await expect(wizard.getByText('Berfungsi.')).toBeVisible();
    await wizard.getByRole('button', { name: 'Lanjut' }).click();

    await wizard.getByRole('button', { name: 'Kirim pesan tes' }).click();
    await expect(wizard.getByText('Kanal sudah menerimanya.', { exact: false })).toBeVisible();
    expect(slack.taken).toEqual([expect.stringContaining('slack:ops sudah diatur')]);
    await wizard.getByRole('button', { name: 'Lanjut' }).click();

    await wizard.getByRole('button', { name: /^Pakai/ }).click();
    await expect(wizard.getByText('Semua tersimpan.', { exact: false })).toBeVisible();
    expect(await stack.api('GET', '/settings/default-notify')).toMatchObject({ value: 'slack:ops:slack' });
    await wizard.getByRole('button', { name: 'Selesai' }).last().click();
    await expect(page.getByRole('article', { name: 'slack:ops' })).toContainText('Aktif');
    expect(await page.content()).not.toContain('SlackTokenOfTheTests');
    expect(problems).toEqual([]);
  });
});
