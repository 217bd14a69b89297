// @vitest-environment node
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const ROOTS = ['src', 'scripts', 'tests'];
const MAX_FILES = 25;

function foldersIn(root: string): string[] {
  const folders = readdirSync(root, { withFileTypes: true, recursive: true }).filter((entry) => entry.isDirectory());
  return [root, ...folders.map((entry) => path.join(entry.parentPath, entry.name))];
}

test('a folder has at most 25 files', () => {
  const counts = ROOTS.map((root) => path.resolve(root))
    .flatMap(foldersIn)
    .map((folder) => [path.relative('.', folder), readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile()).length] as const);
  expect(counts.length).toBeGreaterThan(40);
  expect(counts.filter(([, count]) => count > MAX_FILES)).toEqual([]);
});
