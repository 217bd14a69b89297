import type { Lang } from '@/lib/i18n';

/** A syntax error in JSON: line and column from 1, and the character found there. */
export type JsonSyntaxProblem = {
  line: number;
  column: number;
  found: string | null;
  /** A missing comma or one too many: the most common error. */
  comma?: 'missing' | 'extra';
};

export type Parsed<T> = { ok: true; value: T } | { ok: false; fault: JsonSyntaxProblem };

/** Parse JSON and locate a syntax error, equally in every browser. */
export function parseJson(text: string): Parsed<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch {
    const { at, comma } = findFault(text);
    return { ok: false, fault: { ...placeOf(text, at), ...(comma ? { comma } : {}) } };
  }
}

export function describeSyntaxProblem({ line, column, found, comma }: JsonSyntaxProblem, lang: Lang): string {
  if (found === null) {
    return lang === 'en'
      ? `Line ${line}: the JSON ends too early; a bracket, brace or quote is not closed.`
      : `Baris ${line}: JSON berakhir terlalu cepat; ada kurung atau kutip yang belum ditutup.`;
  }
  if (comma === 'missing') {
    return lang === 'en'
      ? `Line ${line}, column ${column}: a comma is missing before ${found}.`
      : `Baris ${line}, kolom ${column}: kurang koma sebelum ${found}.`;
  }
  if (comma === 'extra') {
    return lang === 'en'
      ? `Line ${line}, column ${column}: the comma before ${found} is one too many.`
      : `Baris ${line}, kolom ${column}: koma sebelum ${found} berlebih.`;
  }
  return lang === 'en'
    ? `Line ${line}, column ${column}: “${found}” does not fit here.`
    : `Baris ${line}, kolom ${column}: “${found}” tidak pada tempatnya.`;
}

function placeOf(text: string, offset: number): JsonSyntaxProblem {
  const before = text.slice(0, offset).split('\n');
  const word = /^("[^"\n]*"|\w+|\S)/u.exec(text.slice(offset))?.[0];
  return {
    line: before.length,
    column: (before.at(-1) ?? '').length + 1,
    found: word === undefined ? null : word.slice(0, 20),
  };
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const ATOM = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?!\w)/y;

/** The position of the first character that makes the JSON invalid. */
function findFault(text: string): { at: number; comma?: 'missing' | 'extra' } {
  let at = 0;
  let comma: 'missing' | 'extra' | undefined;
  const consume = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found !== null;
  };
  const take = (sign: string): boolean => {
    if (text[at] !== sign) return false;
    at += 1;
    return true;
  };
  const list = (close: string, item: () => boolean): boolean => {
    consume(SPACE);
    if (take(close)) return true;
    for (let isFirst = true; ; isFirst = false) {
      consume(SPACE);
      if (!isFirst && text[at] === close) comma = 'extra';
      if (!item()) return false;
      consume(SPACE);
      if (take(close)) return true;
      if (take(',')) continue;
      if (/["\w{[-]/.test(text[at] ?? '')) comma = 'missing';
      return false;
    }
  };
  const value = (): boolean => {
    consume(SPACE);
    if (take('{')) return list('}', () => consume(STRING) && (consume(SPACE), take(':')) && value());
    if (take('[')) return list(']', value);
    return consume(STRING) || consume(ATOM);
  };
  if (value()) consume(SPACE);
  return { at, comma };
}
