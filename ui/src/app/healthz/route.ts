/** Whether this process answers; it does not ask the API. */
export function GET(): Response {
  return Response.json({ status: 'healthy', service: 'dashboard' }, { headers: { 'cache-control': 'no-store' } });
}
