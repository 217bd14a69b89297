import 'server-only';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import type { Session } from '@/lib/session';
import { serverClient } from './api';

export type InitialSession = {
  session: Session;
  /** The newest event at the time of reading: the live stream continues after it. */
  startId: string | null;
};

/** The session while the API does not answer: no role, no claims. */
const UNKNOWN: Session = {
  name: '',
  role: 'viewer',
  keyless: false,
  timezone: 'UTC',
  version: '',
  namespace: '',
};

/** The user and the facts that every page needs; redirects to the sign-in page if a key is needed. */
export async function loadSession(): Promise<InitialSession> {
  const client = await serverClient();
  const [me, platform, events] = await Promise.all([
    client.GET('/me').catch(() => null),
    client.GET('/platform').catch(() => null),
    client.GET('/events', { params: { query: { limit: 1 } } }).catch(() => null),
  ]);
  if (me?.response.status === 401) redirect(`/sign-in?next=${encodeURIComponent(await requestedPath())}`);
  const startId = events?.data?.at(-1)?.id ?? null;
  if (!me?.data) return { session: UNKNOWN, startId };
  // A key that is limited to some jobs does not see the platform.
  const { name, role, keyless, timezone, scope } = me.data;
  const { version = '', namespace = '', auth } = platform?.data ?? {};
  return { session: { name, role, keyless, timezone, version, namespace, scope, auth }, startId };
}

async function requestedPath(): Promise<string> {
  const path = (await headers()).get('x-asked-path') ?? '/';
  return path.startsWith('/') && !path.startsWith('//') ? path : '/';
}
