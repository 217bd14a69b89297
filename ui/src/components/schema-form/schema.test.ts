import { describe, expect, it } from 'vitest';
import { kindOf, type JsonSchema } from './schema';

const PATTERN: JsonSchema = { type: 'string', pattern: '^2xx$' };

describe('a field of several types', () => {
  it('is text if a text can say every value', () => {
    const list: JsonSchema = { type: 'array', items: { anyOf: [{ type: 'integer' }, PATTERN] } };
    expect(kindOf({ anyOf: [{ type: 'integer' }, PATTERN, list, { type: 'null' }] }, {})).toBe('text');
  });

  it('is JSON if a text would hide the type of a value', () => {
    expect(kindOf({ anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'boolean' }] }, {})).toBe('json');
    expect(kindOf({ anyOf: [{ type: 'string' }, { type: 'integer' }] }, {})).toBe('json');
  });
});
