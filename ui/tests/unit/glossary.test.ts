// @vitest-environment node
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const GLOSSARY = '../docs/glossary.md';
const LANGUAGES: ReadonlySet<string> = new Set(['en', 'id']);

type Text = { file: string; text: string };

/** The rows of the table: term, English, Indonesian, meaning, forbidden words. */
function rows(): string[][] {
  const lines = readFileSync(GLOSSARY, 'utf8').split('\n').filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
}

const forbidden = rows().flatMap(([term = '', , , , never = '']) =>
  never.split(',').map((each) => each.trim()).filter(Boolean).map((phrase) => ({ term, phrase })),
);

/** The string literals and the literal parts of templates below a node. */
function literals(node: ts.Node): string[] {
  if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node)) return [node.text];
  return node.getChildren().flatMap(literals);
}

const nameOf = (property: ts.ObjectLiteralElementLike) => property.name?.getText().replaceAll("'", '') ?? '';

/** The values of an object, without its keys. */
const values = (object: ts.ObjectLiteralExpression) =>
  object.properties.flatMap((property) => (ts.isPropertyAssignment(property) ? literals(property.initializer) : []));

/** The texts of a file: both arguments of `defineTranslations`, and objects with the keys `en` and `id`. */
function textsOf(file: string): Text[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.expression.getText() === 'defineTranslations') {
      for (const argument of node.arguments) if (ts.isObjectLiteralExpression(argument)) found.push(...values(argument));
    } else if (ts.isObjectLiteralExpression(node) && node.properties.filter((each) => LANGUAGES.has(nameOf(each))).length === 2) {
      found.push(...values(node));
    }
    node.forEachChild(visit);
  };
  visit(source);
  return found.map((text) => ({ file: path.relative('src', file), text }));
}

const files = readdirSync('src', { recursive: true, withFileTypes: true })
  .filter((entry) => /\.tsx?$/.test(entry.name) && !/\.test\./.test(entry.name) && !entry.parentPath.includes('generated'))
  .map((entry) => path.join(entry.parentPath, entry.name));
const texts = files.flatMap(textsOf);

const pattern = (phrase: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])${phrase.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'iu');

describe('the glossary', () => {
  it('is read, and the texts of the dashboard are found', () => {
    expect(rows().length).toBeGreaterThan(40);
    expect(rows().filter((row) => row.length !== 5)).toEqual([]);
    expect(texts.length).toBeGreaterThan(2_000);
    for (const known of ['Cancel this run?', 'Batalkan run ini?', 'Muat ulang']) expect(texts.map(({ text }) => text)).toContain(known);
  });

  it('matches forbidden words as whole words', () => {
    expect(pattern('batal').test('Batal')).toBe(true);
    expect(pattern('batal').test('Batalkan run')).toBe(false);
  });

  it.each(forbidden)('no text says “$phrase” ($term)', ({ phrase }) => {
    const matches = pattern(phrase);
    expect(texts.filter(({ text }) => matches.test(text)).map(({ file, text }) => `${file}: ${text}`)).toEqual([]);
  });
});
