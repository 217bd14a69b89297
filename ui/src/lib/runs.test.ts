import { expect, it } from 'vitest';
import { labelOf, waitOf } from './runs';

it.each([
  ['user:shop', 'key', 'shop'],
  ['user:shop/42', 'key', 'shop · 42'],
  ['user:shop/toko%20berkah%2F2', 'key', 'shop · toko berkah/2'],
  ['user:shop/~', 'key', 'shop · –'],
  ['rate:api', 'rate', 'api'],
  ['rate:api/a%', 'rate', 'api · a%'],
  ['paused:job:x', 'pause', 'job:x'],
  ['job:x', 'own', 'job:x'],
])('reads %s as a wait for a %s', (waitingFor, kind, label) => {
  const wait = waitOf(waitingFor);
  expect(wait?.kind).toBe(kind);
  expect(wait && labelOf(wait)).toBe(label);
});

it('shortens the digest of a long group', () => {
  const wait = waitOf(`user:shop/${'a'.repeat(40)}~0123456789abcdef`);
  expect(wait && labelOf(wait)).toBe(`shop · ${'a'.repeat(40)}…`);
});

it('knows that nothing is waited for', () => expect(waitOf('')).toBeNull());
