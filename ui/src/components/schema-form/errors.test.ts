import { describe, expect, it } from 'vitest';
import { errorsUnder, fieldErrors, assignErrors } from './errors';
import { problemText } from './problem-messages';

describe('fieldErrors', () => {
  it('keeps the first problem of a field, in the language of the reader', () => {
    const fields = [
      { pointer: '/url', message: 'URL ditulis seperti https://example.org/page.', code: 'invalid' },
      { pointer: '/url', message: 'second', code: 'invalid' },
      { pointer: '/keep', message: 'Input should be greater than or equal to 1', code: 'greater_than_equal' },
    ];
    expect(fieldErrors(fields, 'en')['/keep']).toBe('At least 1');
    expect(fieldErrors(fields, 'id')).toEqual({
      '/url': 'URL ditulis seperti https://example.org/page.',
      '/keep': 'Paling sedikit 1',
    });
  });
});

describe('errorsUnder', () => {
  it('returns the errors below a pointer, relative to it', () => {
    expect(errorsUnder({ '/inputs/url': 'a', '/inputs': 'b', '/inputsx': 'c' }, '/inputs')).toEqual({
      '/url': 'a',
      '': 'b',
    });
  });
});

describe('placeErrors', () => {
  it('moves an error without a field to the nearest ancestor, else to the top', () => {
    const placed = assignErrors({ '/tags/0': 'bad', '/x': 'unknown', '': 'whole' }, ['/tags']);
    expect(placed).toEqual({ atFields: { '/tags': '0: bad' }, onTop: { '/x': 'unknown', '': 'whole' } });
  });
});

describe('sayProblem', () => {
  it.each([
    ['wajib diisi', 'required', 'Wajib diisi'],
    ['Input should be a valid integer, unable to parse string as an integer', 'int_parsing', 'Isi dengan bilangan bulat'],
    ["Input should be 'GET' or 'HEAD'", 'literal_error', 'Pilih salah satu: GET atau HEAD'],
    ['String should have at least 1 character', 'string_too_short', 'Tidak boleh kosong'],
    ['something new', 'invalid', 'something new'],
  ])('tells %j in Indonesian', (message, code, said) => {
    expect(problemText(message, code, 'id')).toBe(said);
  });
});
