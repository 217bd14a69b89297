import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PAGES = fileURLToPath(new URL('../app', import.meta.url));

test('no page has a title in one language only', () => {
  const pages = readdirSync(PAGES, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('page.tsx'));
  expect(pages.length).toBeGreaterThan(15);
  const fixed = pages.filter((path) => /metadata.*title: '[A-Z]/.test(readFileSync(`${PAGES}/${path}`, 'utf8')));
  expect(fixed).toEqual([]);
});
