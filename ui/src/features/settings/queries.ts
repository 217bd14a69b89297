import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/lib/api/client';
import type { ApiClient } from '@/lib/api/queries';

export type Key = Schemas['KeyBody'];
export type SignedIn = Schemas['SessionBody'];
export type Role = Schemas['Role'];
export type Secret = Schemas['SecretBody'];
export type Policy = Schemas['PolicyBody'];
export type DefaultNotify = Schemas['DefaultNotifyBody'];
export type PausedScope = Schemas['PausedScope'];

export const settingsQueries = {
  me: (client: ApiClient = api) => queryOptions({ queryKey: ['me'], queryFn: () => unwrap(client.GET('/me')) }),
  keys: (client: ApiClient = api) => queryOptions({ queryKey: ['keys'], queryFn: () => unwrap(client.GET('/keys')) }),
  sessions: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['sessions'], queryFn: () => unwrap(client.GET('/sessions')) }),
  secrets: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['secrets'], queryFn: () => unwrap(client.GET('/secrets')) }),
  policies: (client: ApiClient = api) =>
    queryOptions({ queryKey: ['policies'], queryFn: () => unwrap(client.GET('/policies')) }),
};
