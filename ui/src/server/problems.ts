import 'server-only';
import type { UnmetCondition } from './exposure';

/** An error response in the format of the API (RFC 9457), for requests that this server refuses itself. */
export function problem(status: number, code: string, title: string, detail: string): Response {
  const body = { type: `urn:multi-job:${code}`, title, status, detail, instance: '', code, trace_id: '' };
  return Response.json(body, {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}

const CONDITION_TEXTS: Record<UnmetCondition, readonly [string, string]> = {
  peer: ['the request is not from this machine', 'permintaan tidak berasal dari mesin ini'],
  server: ['it came to an address that other machines reach', 'alamat tujuannya terbuka untuk mesin lain'],
  host: ['its Host is not a loopback name', 'Host bukan nama lokal'],
  forwarded: ['a proxy passed it on', 'permintaan lewat proxy'],
  allowed_hosts: ['UI_ALLOWED_HOSTS is set', 'UI_ALLOWED_HOSTS diisi'],
  ui_host: ['UI_HOST is not loopback', 'UI_HOST bukan alamat lokal'],
};

/** The 401 for a request without a key that must have one, with the condition that it does not meet. */
export function keyRequired(exposed: UnmetCondition): Response {
  const [english, indonesian] = CONDITION_TEXTS[exposed];
  const command = '`multi-job keys create NAME --role admin`';
  return problem(
    401,
    'unauthorized',
    'Unauthorized',
    `Sign in with an API key: ${english}. ${command} on the machine makes one. / ` +
      `Masuk dengan kunci API: ${indonesian}. Buat kunci di mesin itu: ${command}.`,
  );
}

export function tooLarge(maxBytes: number): Response {
  const limit = `${maxBytes / 1024} KB`;
  return problem(413, 'body_too_large', 'Too large', `At most ${limit}. / Paling banyak ${limit}.`);
}

export function unreachable(): Response {
  return problem(
    502,
    'api_unreachable',
    'The API does not answer',
    'The dashboard runs, but the API does not answer. / Dasbor berjalan, tetapi API tidak menjawab.',
  );
}
