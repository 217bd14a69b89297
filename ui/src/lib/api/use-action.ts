'use client';

import { useMutation, type UseMutationOptions } from '@tanstack/react-query';
import { toast } from '@/lib/toast';
import { toApiError, type ApiError } from './client';

/**
 * A write to the API. Errors are shown as a toast with title, detail and trace id. `quiet`: the caller shows them, as
 * forms do with the fields of a 422.
 */
export function useAction<T, V = void>(
  options: Omit<UseMutationOptions<T, ApiError, V>, 'mutationFn'> & {
    run: (values: V) => Promise<T>;
    quiet?: boolean;
  },
) {
  const { run, quiet, onError, ...rest } = options;
  return useMutation<T, ApiError, V>({
    ...rest,
    mutationFn: run,
    onError: (error, ...more) => {
      const problem = toApiError(error);
      if (!quiet) {
        const trace = problem.traceId ? `\n${problem.traceId}` : '';
        toast.error(problem.title, { description: `${problem.detail}${trace}` });
      }
      return onError?.(problem, ...more);
    },
  });
}
