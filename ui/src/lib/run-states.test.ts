import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RUN_STATES, stateOf } from './run-states';

type Document = { components: { schemas: { RunStatus: { enum: string[] } } } };
const document = JSON.parse(readFileSync(join(__dirname, '../../../docs/openapi.json'), 'utf8')) as Document;

describe('states of a run', () => {
  it('are those of the API, and the dead letter', () => {
    expect(Object.keys(RUN_STATES).sort()).toEqual([...document.components.schemas.RunStatus.enum, 'dead_letter'].sort());
  });

  it('differ without colour: each has its own icon and its own words', () => {
    const looks = Object.values(RUN_STATES);
    expect(new Set(looks.map((look) => look.icon)).size).toBe(looks.length);
    for (const lang of ['en', 'id'] as const) expect(new Set(looks.map((look) => look.label[lang])).size).toBe(looks.length);
  });

  it('show a failed run that waits for a decision as such', () => {
    expect(stateOf({ status: 'failed', dead_letter: true })).toBe('dead_letter');
    expect(stateOf({ status: 'failed', dead_letter: false })).toBe('failed');
    expect(stateOf({ status: 'success', dead_letter: true })).toBe('success');
  });
});
