import { queryOptions } from '@tanstack/react-query';
import { api, unwrap, type Schemas } from '@/lib/api/client';

export type StatusPage = Schemas['StatusPageBody'];
export type ShownMonitor = Schemas['StatusPageMonitor'];

export const statusPageQueries = {
  pages: () => queryOptions({ queryKey: ['status-pages'], queryFn: () => unwrap(api.GET('/status-pages')) }),
  monitors: () => queryOptions({ queryKey: ['status-pages', 'monitors'], queryFn: () => unwrap(api.GET('/monitors')) }),
};

/** The fields of a page that a save sends. */
export function bodyOf(page: StatusPage): Schemas['StatusPage'] {
  const { title, monitors, published, language } = page;
  return { title, monitors, published, language };
}

/** A name for readers: the id of a job without the words that only the platform uses. */
export function suggestedName(jobId: string): string {
  const words = jobId.replace(/^monitor[-_.]/, '').split(/[-_]+/).filter(Boolean).join(' ');
  const name = words.charAt(0).toUpperCase() + words.slice(1);
  return name === jobId ? '' : name;
}
