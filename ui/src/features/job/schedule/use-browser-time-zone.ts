'use client';

import { useSyncExternalStore } from 'react';
import { useSession } from '@/lib/session';

const never = () => () => {};

/** The user's time zone; the server does not know it and renders the deployment's. */
export function useBrowserTimeZone(): string {
  const { timezone } = useSession();
  return useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => timezone,
  );
}
