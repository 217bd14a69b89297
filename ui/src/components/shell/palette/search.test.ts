import { describe, expect, it } from 'vitest';
import { looksLikeRunId, isSentence, matchesAllWords } from './search';

describe('the text of the palette', () => {
  it('matches each of its words anywhere, in any order and case', () => {
    expect(matchesAllWords('job NEW', 'New job')).toBe(true);
    expect(matchesAllWords('gelap', 'Theme: dark', 'Tema: gelap')).toBe(true);
    expect(matchesAllWords('new run', 'New job')).toBe(false);
  });
  it('may be a run or trace id if it has no space and is long enough', () => {
    expect(looksLikeRunId('01M8')).toBe(true);
    expect(looksLikeRunId('a@1')).toBe(false);
    expect(looksLikeRunId('send a mail')).toBe(false);
  });
  it('is a sentence from three words on', () => {
    expect(isSentence('kirim laporan harian')).toBe(true);
    expect(isSentence('report daily')).toBe(false);
  });
});
