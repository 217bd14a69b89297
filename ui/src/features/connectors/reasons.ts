import { defineTranslations } from '@/lib/i18n';

/** Remedies for failed checks, by reason code. */
export const reasonTranslations = defineTranslations(
  {
    channel_rejected: 'The channel refuses these credentials. Copy them again from their source, without spaces, and save.',
    channel_taken: 'Another program fetches this bot’s messages. Stop that program, or disable commands by chat here.',
    channel_busy: 'The channel asks to wait. Sending continues automatically after that time.',
    channel_unreachable: 'No answer from the channel. Check that this machine has internet access and that no firewall or proxy blocks it.',
    channel_deferred: 'The channel refuses for now. It is tried again automatically.',
    outcome_unknown: 'The channel returned an internal error. The next check is within a minute.',
    secret_unreadable: 'The stored secrets cannot be decrypted with the current key. Enter them again and save.',
    disabled: 'The account is disabled. Enable it, then test again.',
    no_account: 'The account is not saved yet. Set it up first.',
    unsupported: 'There is no connector for this channel.',
  },
  {
    channel_rejected: 'Kanal menolak kredensial ini. Salin ulang dari tempat asalnya, tanpa spasi, lalu simpan lagi.',
    channel_taken: 'Ada program lain yang mengambil pesan bot ini. Hentikan program itu, atau nonaktifkan perintah lewat chat di sini.',
    channel_busy: 'Kanal meminta menunggu. Pengiriman berlanjut otomatis setelah waktunya lewat.',
    channel_unreachable: 'Kanal tidak menjawab. Periksa apakah komputer ini terhubung ke internet dan apakah ada firewall atau proxy yang menghalangi.',
    channel_deferred: 'Kanal menolak untuk sementara. Pesan dikirim ulang otomatis.',
    outcome_unknown: 'Kanal menjawab dengan kesalahan di pihaknya. Akan dicek lagi dalam satu menit.',
    secret_unreadable: 'Rahasia yang tersimpan tidak bisa dibuka dengan kunci sekarang. Masukkan lagi, lalu simpan.',
    disabled: 'Akun ini nonaktif. Aktifkan, lalu tes lagi.',
    no_account: 'Akun ini belum disimpan. Atur dahulu.',
    unsupported: 'Belum ada konektor untuk kanal ini.',
  },
);

/** Instructions for the credentials of a channel. */
export const refusalTranslations = defineTranslations(
  {
    telegram: 'Telegram refuses this token. In Telegram, open @BotFather, send /mybots, choose the bot, then “API Token”; copy all of it and save again.',
    whatsapp: 'Meta refuses the access token or the phone number ID. Make a token with the permission whatsapp_business_messaging in Meta’s app dashboard and save again.',
    email: 'The mail server refuses. Check the user name and the password; many providers need an app password here.',
    slack: 'Slack does not know this webhook: it was removed, or its channel is archived. Add a new one at api.slack.com/apps and save its URL.',
    discord: 'Discord does not know this webhook: it was deleted. Make a new one in the channel’s settings, Integrations, and save its URL.',
    ntfy: 'The ntfy server refuses. Check the access token and the topic, and that the token may publish.',
    webhook: 'This address cannot be called. It needs https, or HTTP_ALLOW_PRIVATE must name it.',
  },
  {
    telegram: 'Telegram menolak token ini. Di Telegram, buka @BotFather, kirim /mybots, pilih bot, lalu “API Token”; salin seluruhnya dan simpan lagi.',
    whatsapp: 'Meta menolak token akses atau ID nomor telepon. Buat token dengan izin whatsapp_business_messaging di dasbor aplikasi Meta, lalu simpan lagi.',
    email: 'Server email menolak. Periksa nama pengguna dan sandinya; banyak penyedia mewajibkan sandi aplikasi di sini.',
    slack: 'Slack tidak mengenal webhook ini: sudah dihapus, atau kanalnya diarsipkan. Tambahkan yang baru di api.slack.com/apps, lalu simpan URL-nya.',
    discord: 'Discord tidak mengenal webhook ini: sudah dihapus. Buat yang baru di pengaturan kanal, Integrations, lalu simpan URL-nya.',
    ntfy: 'Server ntfy menolak. Periksa token akses dan topiknya, dan apakah token itu boleh mengirim.',
    webhook: 'Alamat ini tidak bisa dipanggil. Harus https, atau disebut di HTTP_ALLOW_PRIVATE.',
  },
);

/** Remedies for messages that were not sent, by error code. */
export const messageReasonTranslations = defineTranslations(
  {
    channel_rejected: 'The channel refuses this message. Check the spelling of the recipient, and that the recipient has written to this account before.',
    channel_unreachable: 'The channel did not answer. Check that this machine has internet access, then send it again.',
    channel_busy: 'The channel asks to wait. Send it again in a while.',
    channel_deferred: 'The channel refused it for a quarter of an hour. Send it again later.',
    template_needed: 'Enter the name of an approved template in the account, then send it again.',
  },
  {
    channel_rejected: 'Kanal menolak pesan ini. Periksa apakah penerimanya ditulis seperti nama di kanal, dan apakah ia pernah menulis ke akun ini.',
    channel_unreachable: 'Kanal tidak menjawab. Periksa apakah komputer ini terhubung ke internet, lalu kirim ulang.',
    channel_busy: 'Kanal meminta menunggu. Kirim ulang beberapa saat kemudian.',
    channel_deferred: 'Kanal menolaknya selama seperempat jam. Kirim ulang nanti.',
    template_needed: 'Isi nama templat yang disetujui di akun ini, lalu kirim ulang.',
  },
);

/** The reason of an outage in a few words. */
export const outageTranslations = defineTranslations(
  {
    channel_rejected: 'credentials refused',
    channel_taken: 'another program was connected',
    channel_busy: 'the channel asked to wait',
    channel_deferred: 'refused for the time being',
    channel_unreachable: 'no answer',
    outcome_unknown: 'an internal error of the channel, or no answer in time',
    secret_unreadable: 'the stored secrets could not be opened',
  },
  {
    channel_rejected: 'kredensial ditolak',
    channel_taken: 'program lain sedang tersambung',
    channel_busy: 'kanal meminta menunggu',
    channel_deferred: 'ditolak untuk sementara',
    channel_unreachable: 'tidak ada jawaban',
    outcome_unknown: 'kesalahan di pihak kanal, atau tidak ada jawaban tepat waktu',
    secret_unreadable: 'rahasia yang tersimpan tidak bisa dibuka',
  },
);
