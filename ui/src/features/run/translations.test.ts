import { describe, expect, it } from 'vitest';
import { readableOf } from './io-tab';
import { percentOf } from './run-notices';

describe('the progress of a run', () => {
  it('is a percentage if it reports one', () => {
    expect(percentOf({ percent: 41.5 })).toBe(41.5);
    expect(percentOf({ fraction: 0.25, step: 'x' })).toBe(25);
    expect(percentOf({ percent: 140 })).toBe(100);
  });
  it('is text if it reports none', () => {
    for (const progress of ['half', 3, null, {}, { percent: 'many' }, { percent: NaN }]) expect(percentOf(progress)).toBeNull();
  });
});

describe('an output', () => {
  it('is shown as its longest text, if it has one', () => {
    expect(readableOf({ summary: 'short', markdown: '# Long' })).toBe('# Long');
    expect(readableOf({ summary: 'short', markdown: ' ' })).toBe('short');
    expect(readableOf('plain')).toBe('plain');
  });
  it('is data if it has no text', () => {
    for (const output of [null, 3, [], {}, { text: 7 }]) expect(readableOf(output)).toBeNull();
  });
});
