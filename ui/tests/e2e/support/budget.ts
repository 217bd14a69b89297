import { gzipSync } from 'node:zlib';
import { expect, type Page } from '@playwright/test';

const KIB = 1_024;
const JS_KIB = 240;
const CSS_KIB = 15;

/** Measure what a page of a new context loads until its load event; the result checks it. Call it before the page is opened. */
export function measureLoad(page: Page): (path: string) => Promise<void> {
  const sizes = { script: 0, stylesheet: 0 };
  const bodies: Promise<void>[] = [];
  let isLoaded = false;
  page.once('load', () => {
    isLoaded = true;
  });
  page.on('response', (response) => {
    const kind = response.request().resourceType();
    if (isLoaded || (kind !== 'script' && kind !== 'stylesheet')) return;
    bodies.push(response.body().then((body) => void (sizes[kind] += gzipSync(body).byteLength)));
  });
  return async (path) => {
    await Promise.all(bodies);
    const summary = `${path}: ${Math.round(sizes.script / KIB)} KiB of scripts, ${Math.round(sizes.stylesheet / KIB)} KiB of styles`;
    console.log(summary);
    expect.soft(sizes.script, summary).toBeGreaterThan(0);
    expect.soft(sizes.script / KIB, summary).toBeLessThanOrEqual(JS_KIB);
    expect.soft(sizes.stylesheet / KIB, summary).toBeLessThanOrEqual(CSS_KIB);
  };
}
