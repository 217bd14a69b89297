'use client';

import { createContext, useContext, type ReactNode } from 'react';
import type { RequiredRole } from '@/generated/operations';

/** The signed-in user, and the facts about the deployment that every page needs. */
export type Session = {
  name: string;
  role: 'metrics' | 'viewer' | 'operator' | 'admin';
  /** No key is needed: everyone who can reach the dashboard is let in. */
  keyless: boolean;
  /** The zone of the deployment, for everything without its own zone. */
  timezone: string;
  version: string;
  namespace: string;
  /** The only jobs that the user’s key reaches (`tag:NAME`, `job:PREFIX`); none: all. */
  scope?: readonly string[];
  /** AUTH of the API; with `off` everybody who reaches the port is an admin. Unknown while the API does not answer. */
  auth?: 'auto' | 'key' | 'off';
};

const RANK: Record<RequiredRole, number> = { none: 0, metrics: 1, viewer: 2, operator: 3, admin: 4 };
const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside of SessionProvider');
  return session;
}

/** Whether the user's role includes this one. */
export function useCan(role: RequiredRole): boolean {
  return RANK[useSession().role] >= RANK[role];
}

/** Whether the user’s key is limited to some jobs: the figures of the deployment are closed to it. */
export function useIsLimited(): boolean {
  return (useSession().scope?.length ?? 0) > 0;
}

/** Whether a field that needs this role may be changed. Outside of a session nothing is known, and the API decides. */
export function useMayChange(role: RequiredRole | undefined): boolean {
  const session = useContext(SessionContext);
  return role === undefined || session === null || RANK[session.role] >= RANK[role];
}

/** Content for a role; other roles do not see it. */
export function Can({ role, children }: { role: RequiredRole; children: ReactNode }) {
  return useCan(role) ? children : null;
}
