import type { Lang } from '@/lib/i18n';

type Text = Record<Lang, string>;

/** The fields of channels in both languages; one that is not here is called what its schema calls it. */
export const FIELD_WORDS: Record<string, { label: Text; hint: Text }> = {
  'telegram.token': {
    label: { en: 'Bot token', id: 'Token bot' },
    hint: {
      en: 'In Telegram, write /newbot to @BotFather (or /mybots for one you have) and copy the token, such as 123456789:AAF…',
      id: 'Di Telegram, kirim /newbot ke @BotFather (atau /mybots untuk bot yang sudah ada), lalu salin tokennya, misalnya 123456789:AAF…',
    },
  },
  'telegram.webhook_secret': {
    label: { en: 'Webhook secret', id: 'Rahasia webhook' },
    hint: {
      en: 'Only where updates come by webhook: the secret_token given to setWebhook.',
      id: 'Hanya bila pembaruan datang lewat webhook: secret_token yang dipakai di setWebhook.',
    },
  },
  'whatsapp.phone_number_id': {
    label: { en: 'Phone number ID', id: 'ID nomor telepon' },
    hint: {
      en: 'From the API setup in Meta’s app dashboard: the id of the sending number, not the number itself.',
      id: 'Dari penyiapan API di dasbor aplikasi Meta: id nomor pengirim, bukan nomornya.',
    },
  },
  'whatsapp.access_token': {
    label: { en: 'Access token', id: 'Token akses' },
    hint: {
      en: 'With the permission whatsapp_business_messaging, best a system user’s, which does not expire.',
      id: 'Dengan izin whatsapp_business_messaging, sebaiknya milik system user agar tidak kedaluwarsa.',
    },
  },
  'whatsapp.app_secret': {
    label: { en: 'App secret', id: 'App secret' },
    hint: {
      en: 'Only for incoming messages: it proves that a call comes from Meta.',
      id: 'Hanya untuk pesan masuk: membuktikan bahwa panggilan datang dari Meta.',
    },
  },
  'whatsapp.verify_token': {
    label: { en: 'Verify token', id: 'Token verifikasi' },
    hint: {
      en: 'Only for incoming messages: the word that Meta repeats to verify the webhook.',
      id: 'Hanya untuk pesan masuk: kata yang diulang Meta saat memverifikasi webhook.',
    },
  },
};
