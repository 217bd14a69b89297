import { type Lang } from '@/lib/i18n';

/*
 * The API writes most messages about a field in the language of the page. Those of its schema library are English and
 * technical: this table replaces them.
 */

type LocalizedText = Record<Lang, string>;
type Rule = { match: RegExp; say: (found: RegExpMatchArray) => LocalizedText };

const ID_PATTERN = 'A-Za-z0-9][A-Za-z0-9._-]{0,63}';

const RULES: Rule[] = [
  {
    match: /^Input should be greater than or equal to (.+)$/,
    say: ([, n]) => ({ en: `At least ${n}`, id: `Paling sedikit ${n}` }),
  },
  { match: /^Input should be greater than (.+)$/, say: ([, n]) => ({ en: `More than ${n}`, id: `Lebih dari ${n}` }) },
  {
    match: /^Input should be less than or equal to (.+)$/,
    say: ([, n]) => ({ en: `At most ${n}`, id: `Paling banyak ${n}` }),
  },
  { match: /^Input should be less than (.+)$/, say: ([, n]) => ({ en: `Less than ${n}`, id: `Kurang dari ${n}` }) },
  {
    match: /^Input should be a valid integer/,
    say: () => ({ en: 'A whole number is needed', id: 'Isi dengan bilangan bulat' }),
  },
  { match: /^Input should be a valid number/, say: () => ({ en: 'A number is needed', id: 'Isi dengan angka' }) },
  { match: /^Input should be a valid string/, say: () => ({ en: 'Text is needed', id: 'Isi dengan teks' }) },
  {
    match: /^Input should be a valid boolean/,
    say: () => ({ en: 'Yes or no is needed', id: 'Isi dengan ya atau tidak' }),
  },
  {
    match: /^Input should be a valid (?:dictionary|list)/,
    say: () => ({ en: 'This has the wrong format', id: 'Formatnya tidak sesuai' }),
  },
  {
    match: /^String should have at least 1 character/,
    say: () => ({ en: 'Must not be empty', id: 'Tidak boleh kosong' }),
  },
  {
    match: /^String should have at least (\d+) characters/,
    say: ([, n]) => ({ en: `At least ${n} characters`, id: `Paling sedikit ${n} karakter` }),
  },
  {
    match: /^String should have at most (\d+) characters?/,
    say: ([, n]) => ({ en: `At most ${n} characters`, id: `Paling banyak ${n} karakter` }),
  },
  {
    match: /^(?:List|Dictionary) should have at least (\d+) items?/,
    say: ([, n]) => ({ en: `At least ${n} entries`, id: `Paling sedikit ${n} isian` }),
  },
  {
    match: /^(?:List|Dictionary) should have at most (\d+) items?/,
    say: ([, n]) => ({ en: `At most ${n} entries`, id: `Paling banyak ${n} isian` }),
  },
  {
    match: /^String should match pattern '\^\[(.+)\$'$/,
    say: ([, pattern = '']) =>
      pattern === ID_PATTERN
        ? {
            en: 'Only letters, digits, dot, dash and underscore, at most 64; begins with a letter or digit',
            id: 'Hanya huruf, angka, titik, strip, dan garis bawah, paling banyak 64; diawali huruf atau angka',
          }
        : {
            en: `Does not have the right form; allowed is ^[${pattern}$`,
            id: `Bentuknya tidak sesuai; yang boleh ^[${pattern}$`,
          },
  },
  {
    match: /^Input should be ('.+')$/,
    say: ([, list = '']) => ({
      en: `Choose one of ${list.replaceAll("'", '')}`,
      id: `Pilih salah satu: ${list.replaceAll("'", '').replace(' or ', ' atau ')}`,
    }),
  },
  {
    match: /^give exactly one of interval_sec, cron, rrule, at/,
    say: () => ({
      en: 'Give exactly one of interval, cron expression, rule and moment',
      id: 'Isi tepat satu: jarak waktu, ekspresi cron, aturan, atau saat',
    }),
  },
  {
    match: /^end_at must be later than start_at$/,
    say: () => ({ en: 'The end must come after the start', id: 'Akhir harus sesudah awal' }),
  },
  {
    match: /^this schedule never fires again/,
    say: () => ({
      en: 'This schedule never fires again: its time is past',
      id: 'Jadwal ini tidak akan berjalan lagi: waktunya sudah lewat',
    }),
  },
  {
    match: /^'(.+)' is reserved$/,
    say: ([, name]) => ({ en: `“${name}” is reserved`, id: `“${name}” sudah dipakai platform` }),
  },
  {
    match: /^Unknown job type '(.*)'\. Known types: (.+)\.$/,
    say: ([, name, known]) => ({
      en: `There is no type “${name}”; there are ${known}`,
      id: `Tipe “${name}” tidak ada; yang ada: ${known}`,
    }),
  },
];

const REQUIRED: LocalizedText = { en: 'Required', id: 'Wajib diisi' };

/** The message of a problem of one field, as the reader sees it. */
export function problemText(message: string, code: string, lang: Lang): string {
  if (code === 'required' || code === 'missing') return REQUIRED[lang];
  for (const rule of RULES) {
    const found = message.match(rule.match);
    if (found) return rule.say(found)[lang];
  }
  return message;
}
