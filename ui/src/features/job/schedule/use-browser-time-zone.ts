'use client';

import { useSyncExternalStore } from 'react';
import { useSession } from '@/lib/session';

const never = () => () => {};

/** The reader's zone; the server does not know it and draws the deployment's. */
export function useBrowserTimeZone(): string {
  const { timezone } = useSession();
  return useSyncExternalStore(
    never,
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => timezone,
  );
}
