import { defineTranslations } from '@/lib/i18n';

/** The names of audited actions: operations of the API and of the command line. */
export const actionTranslations = defineTranslations(
  {
    create_job: 'Create a job',
    replace_job: 'Change a job',
    delete_job: 'Delete a job',
    enable_job: 'Enable a job',
    disable_job: 'Disable a job',
    roll_back: 'Roll a job back',
    execute_plan: 'Apply a plan',
    cancel_run: 'Cancel a run',
    pause: 'Pause',
    resume: 'Resume',
    redrive_dead_letters: 'Redrive failed runs',
    discard_dead_letters: 'Discard failed runs',
    save_account: 'Save an account',
    delete_account: 'Delete an account',
    test_account: 'Check an account',
    send_message: 'Send a message',
    resend_message: 'Send a message again',
    close_message: 'Close a message',
    create_key: 'Create a key',
    revoke_key: 'Revoke a key',
    rotate_key: 'Rotate a key',
    reopen: 'Allow access without keys again',
    create_session: 'Sign in',
    create_session_by_link: 'Sign in by a link',
    open: 'Print a sign-in link',
    end_session: 'Sign out',
    bulk_runs: 'Cancel or run again matching runs',
    get_export: 'Download an export',
    rotate_secret_key: 'Rotate SECRET_KEY',
    replace_secret_key: 'Replace a lost SECRET_KEY',
    put_secret: 'Set a secret',
    delete_secret: 'Delete a secret',
    put_contact: 'Save a contact',
    delete_contact: 'Delete a contact',
    put_chat_user: 'Let a person act in groups',
    delete_chat_user: 'Stop a person from acting in groups',
    set_user_role: 'Change the role of a person',
    put_calendar: 'Save a calendar',
    delete_calendar: 'Delete a calendar',
    put_notification_rules: 'Save notification rules',
    create_maintenance: 'Plan maintenance',
    delete_maintenance: 'Remove maintenance',
    put_default_notify: 'Set the default recipient',
    clear_default_notify: 'Clear the default recipient',
    restore: 'Restore a backup',
    accept_audit: 'Accept damage of the audit log',
    acknowledge_incident: 'Acknowledge an incident',
    silence_incident: 'Silence an incident',
    comment_incident: 'Comment on an incident',
    replace_ping_url: 'Replace a ping URL',
    note_remedy: 'Use a remedy for an incident',
    put_status_page: 'Save a status page',
    delete_status_page: 'Delete a status page',
  },
  {
    create_job: 'Membuat job',
    replace_job: 'Mengubah job',
    delete_job: 'Menghapus job',
    enable_job: 'Mengaktifkan job',
    disable_job: 'Menonaktifkan job',
    roll_back: 'Mengembalikan versi job',
    execute_plan: 'Menerapkan rencana',
    cancel_run: 'Membatalkan run',
    pause: 'Menjeda',
    resume: 'Melanjutkan',
    redrive_dead_letters: 'Memproses ulang run yang gagal',
    discard_dead_letters: 'Mengabaikan run yang gagal',
    save_account: 'Menyimpan akun',
    delete_account: 'Menghapus akun',
    test_account: 'Memeriksa akun',
    send_message: 'Mengirim pesan',
    resend_message: 'Mengirim ulang pesan',
    close_message: 'Menutup pesan',
    create_key: 'Membuat kunci',
    revoke_key: 'Mencabut kunci',
    rotate_key: 'Mengganti kunci',
    reopen: 'Mengizinkan akses tanpa kunci lagi',
    create_session: 'Masuk',
    create_session_by_link: 'Masuk lewat tautan',
    open: 'Mencetak tautan masuk',
    end_session: 'Keluar',
    bulk_runs: 'Membatalkan atau menjalankan ulang run yang cocok',
    get_export: 'Mengunduh ekspor',
    rotate_secret_key: 'Mengganti SECRET_KEY',
    replace_secret_key: 'Mengganti SECRET_KEY yang hilang',
    put_secret: 'Mengisi rahasia',
    delete_secret: 'Menghapus rahasia',
    put_contact: 'Menyimpan kontak',
    delete_contact: 'Menghapus kontak',
    put_chat_user: 'Mengizinkan seseorang memberi perintah di grup',
    delete_chat_user: 'Mencabut izin seseorang memberi perintah di grup',
    set_user_role: 'Mengubah peran seseorang',
    put_calendar: 'Menyimpan kalender',
    delete_calendar: 'Menghapus kalender',
    put_notification_rules: 'Menyimpan aturan notifikasi',
    create_maintenance: 'Merencanakan pemeliharaan',
    delete_maintenance: 'Menghapus pemeliharaan',
    put_default_notify: 'Mengatur penerima bawaan',
    clear_default_notify: 'Menghapus penerima bawaan',
    restore: 'Memulihkan cadangan',
    accept_audit: 'Menerima kerusakan catatan audit',
    acknowledge_incident: 'Menandai insiden sudah dilihat',
    silence_incident: 'Membisukan insiden',
    comment_incident: 'Mengomentari insiden',
    replace_ping_url: 'Mengganti URL ping',
    note_remedy: 'Menjalankan tindakan untuk insiden',
    put_status_page: 'Menyimpan halaman status',
    delete_status_page: 'Menghapus halaman status',
  },
);

/** The page of an audit entry's target; null if there is none. */
export function targetHref(target: string): string | null {
  const [kind = '', ...rest] = target.split(':');
  const name = encodeURIComponent(rest.join(':'));
  if (kind === '' || name === '') return null;
  switch (kind) {
    case 'job':
      return `/jobs/${name}`;
    case 'run':
      return `/runs/${name}`;
    case 'type':
      return `/jobs?type=${name}`;
    case 'account':
      return '/connectors';
    case 'message':
      return '/messages';
    case 'key':
      return '/settings#keys';
    case 'secret':
      return '/settings#secrets';
    case 'contact':
      return `/contacts?q=${name}`;
    case 'calendar':
      return '/settings#calendars';
    case 'setting':
      return '/settings#notify';
    default:
      return null;
  }
}

/** A filter for all targets of one kind; the API takes `job:` for all jobs. */
export const TARGET_KINDS = ['job', 'run', 'account', 'message', 'key', 'secret', 'contact', 'calendar', 'setting'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];
