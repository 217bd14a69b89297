import { afterEach, expect, test, vi } from 'vitest';
import { ApiError } from './client';
import { leaveIfSignedOut, safePath } from './sign-in';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a path of this dashboard is kept with its search', () => {
  expect(safePath('/runs?status=failed#log')).toBe('/runs?status=failed#log');
});

test.each(['//evil.example/x', '/\\evil.example', 'https://evil.example', 'javascript:alert(1)', '/\t/evil.example', '', null, '/sign-in?next=/'])(
  'the sign-in never leads to %j',
  (next) => {
    expect(safePath(next)).toBe('/');
  },
);

const refusal = (status: number) => new ApiError(status, 'unauthorized', 'No', 'No', '');

function browserAt(path: string, answer: number) {
  const replace = vi.fn();
  const ask = vi.fn(() => Promise.resolve(new Response(null, { status: answer })));
  vi.stubGlobal('fetch', ask);
  vi.stubGlobal('window', { location: { pathname: path, search: '?q=a', replace } });
  vi.useFakeTimers();
  return { replace, ask };
}

test('an ended session leads to the sign-in page and back', async () => {
  const { replace } = browserAt('/jobs', 401);
  const left = leaveIfSignedOut(refusal(401));
  await vi.runAllTimersAsync();
  await left;
  expect(replace).toHaveBeenCalledWith('/sign-in?ended=1&next=%2Fjobs%3Fq%3Da');
});

test('a single 401 while the session is good leads nowhere', async () => {
  const { replace } = browserAt('/jobs', 200);
  const left = leaveIfSignedOut(refusal(401));
  await vi.runAllTimersAsync();
  await left;
  expect(replace).not.toHaveBeenCalled();
});

test('any other failure is not asked about', async () => {
  const { ask } = browserAt('/jobs', 401);
  await leaveIfSignedOut(refusal(403));
  expect(ask).not.toHaveBeenCalled();
});
