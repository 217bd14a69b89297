import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { byWorst, formatUptime, WATCH_STATES, type WatchState } from './monitor-states';

type Document = { components: { schemas: { MonitorBody: { properties: { state: { enum: string[] } } } } } };
const document = JSON.parse(readFileSync(join(__dirname, '../../../docs/openapi.json'), 'utf8')) as Document;

describe('states of a monitor', () => {
  it('are those of the API', () => {
    expect(Object.keys(WATCH_STATES).sort()).toEqual(document.components.schemas.MonitorBody.properties.state.enum.sort());
  });

  it('differ without colour: each has its own icon, word and bar', () => {
    const looks = Object.values(WATCH_STATES);
    expect(new Set(looks.map((look) => look.icon)).size).toBe(looks.length);
    expect(new Set(looks.map((look) => look.barPx)).size).toBe(looks.length);
    for (const lang of ['en', 'id'] as const) expect(new Set(looks.map((look) => look.label[lang])).size).toBe(looks.length);
  });

  it('are ordered by what needs attention', () => {
    const states: WatchState[] = ['up', 'paused', 'down', 'degraded'];
    expect(states.sort(byWorst)).toEqual(['down', 'degraded', 'paused', 'up']);
  });
});

describe('an uptime', () => {
  it('is 100% only if nothing was missed', () => {
    expect(formatUptime(1, 'en')).toBe('100%');
    expect(formatUptime(0.999_999, 'en')).toBe('99.99%');
    expect(formatUptime(0.9993, 'id')).toBe('99,93%');
    expect(formatUptime(0, 'en')).toBe('0%');
  });

  it('is a dash if nothing was watched', () => {
    expect(formatUptime(null, 'en')).toBe('–');
    expect(formatUptime(undefined, 'en')).toBe('–');
  });
});
