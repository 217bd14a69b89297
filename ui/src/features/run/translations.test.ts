import { describe, expect, it } from 'vitest';
import { readableOf } from './io-tab';
import { percentOf } from './run-notices';

describe('the progress of a run', () => {
  it('is a share of a hundred where it says one', () => {
    expect(percentOf({ percent: 41.5 })).toBe(41.5);
    expect(percentOf({ fraction: 0.25, step: 'x' })).toBe(25);
    expect(percentOf({ percent: 140 })).toBe(100);
  });
  it('is text where it says none', () => {
    for (const progress of ['half', 3, null, {}, { percent: 'many' }, { percent: NaN }]) expect(percentOf(progress)).toBeNull();
  });
});

describe('an output', () => {
  it('is shown to be read where it has a text, the fullest one', () => {
    expect(readableOf({ summary: 'short', markdown: '# Long' })).toBe('# Long');
    expect(readableOf({ summary: 'short', markdown: ' ' })).toBe('short');
    expect(readableOf('plain')).toBe('plain');
  });
  it('is data where it has none', () => {
    for (const output of [null, 3, [], {}, { text: 7 }]) expect(readableOf(output)).toBeNull();
  });
});
