import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import createClient from 'openapi-fetch';
import { NuqsTestingAdapter } from 'nuqs/adapters/testing';
import type { ReactNode } from 'react';
import { vi } from 'vitest';
import type { paths } from '@/generated/schema';
import { LanguageProvider, type Lang } from '@/lib/i18n';
import { SessionProvider, type Session } from '@/lib/session';

const SESSION: Session = { name: 'a', role: 'operator', keyless: false, timezone: 'Asia/Jakarta', version: '1', namespace: 'mj' };

export type Sent = { method: string; path: string; body: unknown };
type Answer = { status?: number; body: unknown };

/** The client of the dashboard with an address that Node.js can resolve: for `vi.mock('@/lib/api/client', …)`. */
export async function clientForTests(original: () => Promise<typeof import('@/lib/api/client')>) {
  const real = await original();
  const fetch = (request: Request) => globalThis.fetch(request);
  return { ...real, api: createClient<paths>({ baseUrl: 'http://local/api', headers: real.WRITE_HEADERS, fetch }) };
}

/** An API of fixed answers, or of functions of the request's body; it keeps what was sent. */
export function fakeApi(answers: Record<string, Answer | ((body: never) => Answer)>) {
  const sent: Sent[] = [];
  // jsdom has no layout and cannot scroll.
  Element.prototype.scrollIntoView = vi.fn();
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => {}, removeEventListener: () => {} }));
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = decodeURIComponent(new URL(request.url).pathname.replace(/^\/api/, ''));
    const text = await request.text();
    const body: unknown = text === '' ? null : JSON.parse(text);
    sent.push({ method: request.method, path, body });
    const found = answers[`${request.method} ${path}`] ?? { status: 404, body: {} };
    const answer = typeof found === 'function' ? found(body as never) : found;
    return Response.json(answer.body, { status: answer.status ?? 200 });
  });
  return { sent, answers, writes: () => sent.filter((each) => each.method !== 'GET') };
}

type Options = {
  role?: Session['role'];
  auth?: Session['auth'];
  lang?: Lang;
  search?: string;
  scope?: Session['scope'];
};

/** Draw a page as a signed-in user sees it. */
export function draw(page: ReactNode, { role = 'operator', auth, lang = 'en', search = '', scope }: Options = {}) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <NuqsTestingAdapter searchParams={search} hasMemory>
      <LanguageProvider initial={lang}>
        <SessionProvider session={{ ...SESSION, role, scope, auth }}>
          <QueryClientProvider client={client}>{page}</QueryClientProvider>
        </SessionProvider>
      </LanguageProvider>
    </NuqsTestingAdapter>,
  );
}
