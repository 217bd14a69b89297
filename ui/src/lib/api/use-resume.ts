'use client';

import { api, unwrap, type Schemas } from './client';
import { useAction } from './use-action';

/** End a pause. `onResumed` runs once the API has confirmed it. */
export function useResume({ scope, name }: Pick<Schemas['PausedScope'], 'scope' | 'name'>, onResumed?: () => void) {
  return useAction({
    run: () => unwrap(api.POST('/resume', { body: { scope, name } })),
    onSuccess: (_response, _values, _before, { client }) => {
      onResumed?.();
      return client.invalidateQueries({ queryKey: ['queue'] });
    },
  });
}
