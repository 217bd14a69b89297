'use client';

import { createContext, useContext, type ReactNode } from 'react';
import type { RequiredRole } from '@/generated/operations';

/** Who is signed in, and what of the deployment every page needs. */
export type Session = {
  name: string;
  role: 'viewer' | 'operator' | 'admin';
  /** No key is needed here: whoever reaches the dashboard is let in. */
  keyless: boolean;
  /** The deployment's zone, for everything that has none of its own. */
  timezone: string;
  version: string;
  namespace: string;
};

const RANK: Record<RequiredRole, number> = { none: 0, viewer: 1, operator: 2, admin: 3 };
const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside of SessionProvider');
  return session;
}

/** Whether the role of who is signed in covers this one. */
export function useCan(role: RequiredRole): boolean {
  return RANK[useSession().role] >= RANK[role];
}

/** Whether a field that needs this role may be changed. Outside of a session nothing is known, and the API decides. */
export function useMayChange(role: RequiredRole | undefined): boolean {
  const session = useContext(SessionContext);
  return role === undefined || session === null || RANK[session.role] >= RANK[role];
}

/** What the role allows; everybody else sees nothing of it. */
export function Can({ role, children }: { role: RequiredRole; children: ReactNode }) {
  return useCan(role) ? children : null;
}
