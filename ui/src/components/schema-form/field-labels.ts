import type { Lang } from '@/lib/i18n';
import type { JsonSchema } from './schema';

/** A label and a hint in one language. */
type LabelAndHint = readonly [label: string, hint?: string];
type LocalizedLabels = Record<Lang, LabelAndHint>;

/*
 * Labels of the fields of the built-in job types and channels. A key is a field's name, or `Model.name` if the same
 * name has another meaning there. Other fields use the text of their schema.
 */
const FIELDS: Record<string, LocalizedLabels> = {
  channel: { en: ['Channel'], id: ['Kanal'] },
  account_id: {
    en: ['Account', 'as it is called under Connectors'],
    id: ['Akun', 'namanya seperti di halaman Konektor'],
  },
  to: { en: ['To', 'chat, number or address'], id: ['Kepada', 'chat, nomor, atau alamat'] },
  text: { en: ['Message'], id: ['Pesan'] },
  notify: {
    en: ['Recipient', 'of alarms; else the default recipient'],
    id: ['Penerima', 'saat ada alarm; jika kosong, penerima bawaan'],
  },
  fail_after: {
    en: ['Alarm after', 'failed checks in a row'],
    id: ['Alarm setelah', 'pemeriksaan gagal berturut-turut'],
  },
  after_sec: {
    en: ['Alarm once it lasts', 'seconds; in place of a number of checks'],
    id: ['Alarm jika berlangsung', 'detik; menggantikan jumlah pemeriksaan'],
  },
  alarm_on: {
    en: ['Alarm if it is', 'degraded: slow counts, too'],
    id: ['Alarm jika', 'degraded: lambat juga dihitung'],
  },
  timeout_sec: {
    en: ['Time for a check', 'seconds'],
    id: ['Batas waktu pemeriksaan', 'detik'],
  },
  url: { en: ['URL', 'the page that is called'], id: ['URL', 'halaman yang dipanggil'] },
  method: { en: ['Method'], id: ['Metode'] },
  headers: {
    en: ['Headers', 'sent along, such as Authorization with Bearer secret:NAME'],
    id: ['Header', 'ikut dikirim, misalnya Authorization dengan Bearer secret:NAMA'],
  },
  expect_status: {
    en: ['Expected status', 'such as 200, 204 or 2xx; else any below 400'],
    id: ['Status yang diharapkan', 'misalnya 200, 204 atau 2xx; jika kosong, semua di bawah 400'],
  },
  contains: {
    en: ['Must contain', 'text that the page must hold'],
    id: ['Harus memuat', 'teks yang harus ada di halaman'],
  },
  period_sec: {
    en: ['A ping comes every', 'seconds'],
    id: ['Ping datang tiap', 'detik'],
  },
  grace_sec: {
    en: ['May be late by', 'seconds; then it is down'],
    id: ['Boleh terlambat', 'detik; setelah itu dianggap mati'],
  },
  absent: {
    en: ['Must not contain', 'text that the page must not hold'],
    id: ['Tidak boleh memuat', 'teks yang tidak boleh ada di halaman'],
  },
  json_value: {
    en: ['JSON value', 'a value that the JSON of the answer must hold'],
    id: ['Nilai JSON', 'nilai yang harus ada di JSON jawaban'],
  },
  pointer: { en: ['Pointer', 'JSON pointer, such as /status'], id: ['Penunjuk', 'JSON pointer, misalnya /status'] },
  'JsonExpectation.value': { en: ['Value', 'as JSON: "ok", 5, true'], id: ['Nilai', 'dalam JSON: "ok", 5, true'] },
  latency_ms: {
    en: ['Slow above', 'milliseconds; slower counts as degraded'],
    id: ['Lambat di atas', 'milidetik; lebih lambat dianggap terganggu'],
  },
  cert_days: {
    en: ['Certificate warning', 'days before it ends'],
    id: ['Peringatan sertifikat', 'hari sebelum berakhir'],
  },
  keep: {
    en: ['Keep', 'newest exports of this job that stay'],
    id: ['Simpan', 'jumlah ekspor terbaru yang disimpan'],
  },
  include_secrets: {
    en: ['Accounts with their secrets', 'sealed under SECRET_KEY; for admins alone'],
    id: ['Akun beserta rahasianya', 'tersegel dengan SECRET_KEY; khusus admin'],
  },
  include_logs: { en: ['Runs with their logs'], id: ['Run beserta log-nya'] },
  folder: {
    en: ['Folder', 'below exports/; else the id of the job'],
    id: ['Folder', 'di dalam exports/; jika kosong, id job'],
  },
  'ReportDailyInputs.period': {
    en: ['Period', 'a day, a week or a month, up to the slot'],
    id: ['Periode', 'sehari, seminggu, atau sebulan sampai waktu jadwalnya'],
  },
  sla_percent: {
    en: ['Uptime target in percent', 'for each monitor; empty: no target'],
    id: ['Target uptime dalam persen', 'untuk tiap monitor; kosong: tanpa target'],
  },
  timezone: {
    en: ['Time zone', 'else that of the deployment'],
    id: ['Zona waktu', 'jika kosong, zona platform'],
  },
  language: { en: ['Language'], id: ['Bahasa'] },
  'ReportDailyInputs.notify': {
    en: ['Who gets the report', 'else the default recipient'],
    id: ['Penerima laporan', 'jika kosong, penerima bawaan'],
  },
  duration_ms: {
    en: ['Duration', 'milliseconds that a run takes'],
    id: ['Lama', 'milidetik untuk satu run'],
  },
  jitter_ms: {
    en: ['Variation', 'milliseconds longer or shorter, at most'],
    id: ['Variasi', 'milidetik lebih lama atau lebih cepat, paling banyak'],
  },
  fail_rate: {
    en: ['Failures', 'share of attempts that fail'],
    id: ['Kegagalan', 'bagian percobaan yang gagal'],
  },
  runs_in: { en: ['Runs in', 'loop, thread or process'], id: ['Berjalan di', 'loop, thread, atau proses'] },
  payload_bytes: { en: ['Size of the result', 'bytes'], id: ['Ukuran hasil', 'byte'] },

  token: { en: ['Bot token', 'as @BotFather gave it'], id: ['Token bot', 'yang diberikan @BotFather'] },
  webhook_secret: {
    en: ['Webhook secret', 'only if updates arrive by webhook: the secret_token that setWebhook got'],
    id: ['Rahasia webhook', 'hanya jika pesan masuk lewat webhook: secret_token yang diberikan ke setWebhook'],
  },
  phone_number_id: {
    en: ['Phone number ID', 'from the settings of the Cloud API; not the number itself'],
    id: ['ID nomor telepon', 'dari pengaturan Cloud API; bukan nomornya'],
  },
  access_token: {
    en: ['Access token', 'with the permission whatsapp_business_messaging, best of a system user'],
    id: ['Token akses', 'dengan izin whatsapp_business_messaging, sebaiknya milik system user'],
  },
  app_secret: {
    en: ['App secret', 'only for incoming messages: proves that a call comes from Meta'],
    id: ['Rahasia aplikasi', 'hanya untuk pesan masuk: bukti bahwa panggilan berasal dari Meta'],
  },
  template_name: {
    en: ['Template', 'an approved one of Meta’s; it carries messages to people who have not written for 24 hours'],
    id: ['Templat', 'yang disetujui Meta; membawa pesan ke orang yang tidak menulis selama 24 jam'],
  },
  template_language: {
    en: ['Template’s language', 'as Meta approved it, such as id or en_US'],
    id: ['Bahasa templat', 'seperti yang disetujui Meta, misalnya id atau en_US'],
  },
  template_parameters: {
    en: ['Template’s places', 'in order: {text} is the message, {title} its first line; if empty {text}'],
    id: ['Isian templat', 'berurutan: {text} adalah pesannya, {title} baris pertamanya; jika kosong {text}'],
  },
  host: { en: ['Server', 'SMTP server of the provider, such as smtp.example.org'], id: ['Server', 'server SMTP penyedia, misalnya smtp.example.org'] },
  port: { en: ['Port', '587 with STARTTLS, 465 with TLS'], id: ['Port', '587 untuk STARTTLS, 465 untuk TLS'] },
  security: { en: ['Encryption'], id: ['Enkripsi'] },
  from_address: { en: ['From', 'the address that messages come from'], id: ['Dari', 'alamat pengirim pesan'] },
  username: {
    en: ['User name', 'often the address itself; empty without a login'],
    id: ['Nama pengguna', 'sering kali alamatnya sendiri; kosong jika tanpa login'],
  },
  password: { en: ['Password', 'many providers want an app password here'], id: ['Sandi', 'banyak penyedia mewajibkan sandi aplikasi di sini'] },
  webhook_url: { en: ['Webhook URL', 'the only credential of the channel'], id: ['URL webhook', 'satu-satunya kredensial kanal ini'] },
  base_url: { en: ['Server', 'ntfy.sh or your own'], id: ['Server', 'ntfy.sh atau milik Anda sendiri'] },
  topic: {
    en: ['Topic', 'subscribe to it in the ntfy app; without a token, all who know it can read along'],
    id: ['Topik', 'berlanggananlah di aplikasi ntfy; tanpa token, semua yang tahu namanya bisa ikut membaca'],
  },
  priority: { en: ['Priority', '1 is silent, 3 usual, 5 the loudest'], id: ['Prioritas', '1 senyap, 3 biasa, 5 paling nyaring'] },
  'NtfySecrets.token': { en: ['Access token', 'only if the topic is protected'], id: ['Token akses', 'hanya jika topiknya dilindungi'] },
  'WebhookSettings.url': { en: ['Address', 'receives each message as a POST with JSON'], id: ['Alamat', 'menerima setiap pesan sebagai POST berisi JSON'] },
  drops_doubles: {
    en: ['The receiver drops doubles', 'by the header webhook-id; then a message is sent again if its outcome is unknown'],
    id: ['Penerima membuang pesan ganda', 'lewat header webhook-id; pesan yang belum pasti sampai lalu dikirim lagi'],
  },
  signing_secret: {
    en: ['Signing secret', 'the receiver has the same one and checks the signature; 16 characters at least'],
    id: ['Rahasia tanda tangan', 'penerima memakai yang sama untuk memeriksa tanda tangan; paling sedikit 16 karakter'],
  },
  verify_token: {
    en: ['Verify token', 'only for incoming messages: the word that Meta repeats'],
    id: ['Token verifikasi', 'hanya untuk pesan masuk: kata yang diulang oleh Meta'],
  },
};

/** Values of choices as people call them; a key is `field.value` or the value alone. */
const VALUES: Record<string, Record<Lang, string>> = {
  telegram: { en: 'Telegram', id: 'Telegram' },
  whatsapp: { en: 'WhatsApp', id: 'WhatsApp' },
  slack: { en: 'Slack', id: 'Slack' },
  discord: { en: 'Discord', id: 'Discord' },
  email: { en: 'Email', id: 'Email' },
  ntfy: { en: 'ntfy', id: 'ntfy' },
  webhook: { en: 'Webhook', id: 'Webhook' },
  'security.starttls': { en: 'STARTTLS', id: 'STARTTLS' },
  'security.tls': { en: 'TLS from the start', id: 'TLS sejak awal' },
  'security.none': { en: 'None (own relay without a login)', id: 'Tanpa enkripsi (relay sendiri tanpa login)' },
  sandbox: { en: 'Sandbox (delivers to no one)', id: 'Sandbox (tidak dikirim ke siapa pun)' },
  'language.id': { en: 'Indonesian', id: 'Indonesia' },
  'language.en': { en: 'English', id: 'Inggris' },
  'runs_in.loop': { en: 'Event loop', id: 'Event loop' },
  'runs_in.thread': { en: 'Thread', id: 'Thread' },
  'runs_in.process': { en: 'Separate process', id: 'Proses sendiri' },
};

/** The schema's own text as a hint: a sentence in lower case, as the models write it. */
function titled(name: string, schema: JsonSchema): string {
  const words = schema.title && schema.title.toLowerCase() !== name.replaceAll('_', ' ') ? schema.title : name;
  const spaced = words.replaceAll('_', ' ').trim();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** Labels of a caller, by field name or `Model.name`; they win over the known ones. */
export type FieldLabels = Record<string, LocalizedLabels>;

export type FieldTexts = { label: string; hint?: string };

/** The label and the hint of a field. */
export function fieldTexts(
  name: string,
  schema: JsonSchema,
  model: string | undefined,
  lang: Lang,
  labels: FieldLabels = {},
): FieldTexts {
  const own = `${model}.${name}`;
  const known = labels[own] ?? labels[name] ?? FIELDS[own] ?? FIELDS[name];
  if (known) return { label: known[lang][0], hint: known[lang][1] };
  return { label: titled(name, schema), hint: schema.description };
}

export function valueText(name: string, value: unknown, lang: Lang): string {
  const known = VALUES[`${name}.${String(value)}`] ?? VALUES[String(value)];
  return known?.[lang] ?? String(value);
}
