import 'server-only';

/** An answer in the form of the API's own errors (RFC 9457), for what this server refuses itself. */
export function problem(status: number, code: string, title: string, detail: string): Response {
  const body = { type: `urn:multi-job:${code}`, title, status, detail, instance: '', code, trace_id: '' };
  return Response.json(body, {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}

export function unreachable(): Response {
  return problem(
    502,
    'api_unreachable',
    'The API does not answer',
    'The dashboard runs, but the API does not answer. / Dasbor berjalan, tetapi API tidak menjawab.',
  );
}
