import { publicStatus } from '@/server/public-status';

export const dynamic = 'force-dynamic';

/** A published status page, for readers without a session. */
export async function GET(request: Request, { params }: { params: Promise<{ slug: string }> }): Promise<Response> {
  return publicStatus(request, (await params).slug, 'text/html');
}
