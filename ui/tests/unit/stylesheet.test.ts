// @vitest-environment node
// The stylesheet has the same rules wherever the dashboard is built: in `ui/`, and in the launcher's build folder.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import tailwind from '@tailwindcss/postcss';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

const UI = fileURLToPath(new URL('../..', import.meta.url));
// PostCSS comes with Tailwind's plugin; it is no dependency of ours.
const postcss = createRequire(createRequire(import.meta.url).resolve('@tailwindcss/postcss'))('postcss');
let checkout: string;

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

async function stylesheet(folder: string): Promise<string> {
  const from = path.join(folder, 'src', 'styles', 'globals.css');
  const made = await postcss([tailwind({ base: folder, optimize: false })]).process(readFileSync(from, 'utf8'), { from });
  return made.css;
}

beforeAll(() => {
  checkout = mkdtempSync(path.join(tmpdir(), 'stylesheet-'));
  // As a checkout that the launcher builds from: a repository that ignores the build folder.
  mkdirSync(path.join(checkout, '.git'));
  writeFileSync(path.join(checkout, '.gitignore'), 'runtime-data/\nnode_modules/\n');
  for (const place of ['ui', 'runtime-data/ui/work']) {
    const folder = path.join(checkout, place);
    mkdirSync(folder, { recursive: true });
    cpSync(path.join(UI, 'src'), path.join(folder, 'src'), { recursive: true });
    symlinkSync(path.join(UI, 'node_modules'), path.join(folder, 'node_modules'), 'dir');
  }
});

afterAll(() => rmSync(checkout, { recursive: true }));

test('stylesheet is the same in every build folder', async () => {
  const here = await stylesheet(path.join(checkout, 'ui'));
  const there = await stylesheet(path.join(checkout, 'runtime-data/ui/work'));
  expect(there.length).toBe(here.length);
  expect(there === here).toBe(true);
  expect(here).toContain('.flex');
});

test('stylesheet has no class that only tests name', async () => {
  writeFileSync(path.join(checkout, 'ui', 'src', 'only.test.ts'), "export const name = 'rotate-[17.5deg]';");
  writeFileSync(path.join(checkout, 'ui', 'src', 'used.ts'), "export const name = 'rotate-[18.5deg]';");
  const css = await stylesheet(path.join(checkout, 'ui'));
  expect([css.includes('17.5deg'), css.includes('18.5deg')]).toEqual([false, true]);
});
