import { fieldTexts, type FieldLabels, type JsonObject, type JsonSchema } from '@/components/schema-form';
import type { Schemas } from '@/lib/api/client';
import type { Lang } from '@/lib/i18n';
import type { Account, Channel } from './queries';

/** The fields of an account, from the two JSON Schemas of its channel. */
export type AccountDraft = { settings: JsonObject; secrets: JsonObject };
type Part = keyof AccountDraft;

const STORED_HINT: Record<Lang, string> = {
  en: 'stored; leave it empty to keep it',
  id: 'tersimpan; kosongkan agar tetap dipakai',
};

// The origin of a value, for users who have never created a bot or a webhook.
const LABELS: FieldLabels = {
  'TelegramSecrets.token': {
    en: ['Bot token', 'in Telegram, write /newbot to @BotFather (/mybots for one you have) and copy what it gives, such as 123456789:AAF…'],
    id: ['Token bot', 'di Telegram, kirim /newbot ke @BotFather (/mybots untuk bot yang sudah ada), lalu salin tokennya, misalnya 123456789:AAF…'],
  },
  'SlackSecrets.webhook_url': {
    en: ['Webhook URL', 'at api.slack.com/apps: your app, Incoming Webhooks, Add New Webhook; choose the channel and copy the URL'],
    id: ['URL webhook', 'di api.slack.com/apps: aplikasi Anda, Incoming Webhooks, Add New Webhook; pilih kanalnya lalu salin URL-nya'],
  },
  'DiscordSecrets.webhook_url': {
    en: ['Webhook URL', 'in Discord: the channel’s settings, Integrations, Webhooks, New Webhook, Copy Webhook URL'],
    id: ['URL webhook', 'di Discord: pengaturan kanal, Integrations, Webhooks, New Webhook, Copy Webhook URL'],
  },
};

function isStored(account: Account | undefined, name: string): boolean {
  return account?.has_secret[name] === true;
}

/** The schema of settings or secrets; a stored secret is optional. */
export function schemaOf(part: Part, channel: Channel, account: Account | undefined): JsonSchema {
  const schema = channel[`${part}_schema`] as JsonSchema;
  if (part === 'settings') return schema;
  return { ...schema, required: schema.required?.filter((name) => !isStored(account, name)) };
}

/** The labels of the fields; a stored secret is marked as stored. */
export function labelsOf(channel: Channel, account: Account | undefined): FieldLabels {
  const schema = channel.secrets_schema as JsonSchema;
  const stored = Object.entries(schema.properties ?? {}).filter(([name]) => isStored(account, name));
  const labels = stored.map(([name, field]) => {
    const label = (lang: Lang) => fieldTexts(name, field, schema.title, lang, LABELS).label;
    return [`${schema.title}.${name}`, { en: [label('en'), STORED_HINT.en], id: [label('id'), STORED_HINT.id] }] as const;
  });
  return { ...LABELS, ...Object.fromEntries(labels) };
}

/** The initial values of the fields: stored settings, never secrets. */
export function initialDraft(account: Account | undefined): AccountDraft {
  return { settings: { ...(account?.settings as JsonObject | undefined) }, secrets: {} };
}

const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';

/** Whether a required field is empty. */
export function isMissing(channel: Channel, account: Account | undefined, entered: AccountDraft): boolean {
  const missesOf = (part: Part) =>
    schemaOf(part, channel, account).required?.some((name) => isEmpty(entered[part][name])) ?? false;
  return missesOf('settings') || missesOf('secrets');
}

/** The settings and secrets to save; an empty secret field is omitted, so the secret stays stored. */
export function partsOf(entered: AccountDraft): Required<Pick<Schemas['AccountRequest'], 'settings' | 'secrets'>> {
  const secrets = Object.entries(entered.secrets).filter(([, value]) => !isEmpty(value));
  return {
    settings: entered.settings,
    // Pasted text often has spaces around it.
    secrets: Object.fromEntries(secrets.map(([name, value]) => [name, String(value).trim()])),
  };
}
