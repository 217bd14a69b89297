import { gzipSync } from 'node:zlib';
import { expect, test } from './support/fixtures';
import { PAGES, fill, pathOf, type Filled } from './support/pages';

test.use({ platform: 'budget' });

const KIB = 1_024;
const JS_KIB = 240;
const CSS_KIB = 15;

let filled: Filled;
test.beforeAll(async ({ stack }) => {
  filled = await fill(stack);
});

for (const path of [...PAGES, '/sign-in']) {
  test(`a cold load of ${path} stays within the budget`, async ({ browser, stack }) => {
    // A new context: nothing is cached.
    const context = await browser.newContext();
    const page = await context.newPage();
    const sizes = { script: 0, stylesheet: 0 };
    const bodies: Promise<void>[] = [];
    let isLoaded = false;
    page.on('response', (response) => {
      const kind = response.request().resourceType();
      if (isLoaded || (kind !== 'script' && kind !== 'stylesheet')) return;
      bodies.push(response.body().then((body) => void (sizes[kind] += gzipSync(body).byteLength)));
    });
    const answer = await page.goto(`${stack.uiUrl}${pathOf(path, filled)}`, { waitUntil: 'load' });
    expect(answer?.status()).toBe(200);
    isLoaded = true;
    await Promise.all(bodies);
    await context.close();
    const told = `${path}: ${Math.round(sizes.script / KIB)} KiB of scripts, ${Math.round(sizes.stylesheet / KIB)} KiB of styles`;
    console.log(told);
    expect(sizes.script, told).toBeGreaterThan(0);
    expect(sizes.script / KIB, told).toBeLessThanOrEqual(JS_KIB);
    expect(sizes.stylesheet / KIB, told).toBeLessThanOrEqual(CSS_KIB);
  });
}
