// @vitest-environment node
import { describe, expect, it } from 'vitest';
import { readLimited } from './read-body';

/** A request whose body comes in pieces of 100 bytes, and how many of them were read. */
function inPieces(count: number): { request: Request; read: () => number } {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(stream) {
      if (sent === count) return stream.close();
      sent += 1;
      stream.enqueue(new Uint8Array(100).fill(sent));
    },
  });
  const init = { method: 'POST', body, duplex: 'half' } as RequestInit;
  return { request: new Request('http://127.0.0.1/', init), read: () => sent };
}

describe('a bounded body', () => {
  it('is whole up to its limit', async () => {
    const body = await readLimited(inPieces(10).request, 1_000);
    expect(body?.byteLength).toBe(1_000);
    expect(body?.[999]).toBe(10);
    expect((await readLimited(new Request('http://127.0.0.1/', { method: 'POST' }), 0))?.byteLength).toBe(0);
  });

  it('is no longer read once it is too large, with and without a length', async () => {
    const endless = inPieces(Infinity);
    expect(await readLimited(endless.request, 1_000)).toBeNull();
    expect(endless.read()).toBeLessThan(20);
    const said = new Request('http://127.0.0.1/', { method: 'POST', body: 'a'.repeat(11), headers: { 'content-length': '11' } });
    expect(await readLimited(said, 10)).toBeNull();
    expect(said.bodyUsed).toBe(false);
  });
});
