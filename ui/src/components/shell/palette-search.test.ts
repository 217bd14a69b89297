import { describe, expect, it } from 'vitest';
import { isRunLike, isSentence, matches } from './palette-search';

describe('the text of the palette', () => {
  it('matches each of its words anywhere, in any order and case', () => {
    expect(matches('job NEW', 'New job')).toBe(true);
    expect(matches('gelap', 'Theme: dark', 'Tema: gelap')).toBe(true);
    expect(matches('new run', 'New job')).toBe(false);
  });
  it('may be a run or a trace where it has no space and is not too short', () => {
    expect(isRunLike('01M8')).toBe(true);
    expect(isRunLike('a@1')).toBe(false);
    expect(isRunLike('send a mail')).toBe(false);
  });
  it('is a sentence from three words on', () => {
    expect(isSentence('kirim laporan harian')).toBe(true);
    expect(isSentence('report daily')).toBe(false);
  });
});
