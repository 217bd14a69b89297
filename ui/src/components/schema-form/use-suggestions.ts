'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { queries } from '@/lib/api/queries';
import type { Suggest } from './context';

/** Suggestions: the accounts of the channel that another field of the form names. */
export function useSuggestions(): Suggest {
  const { data: channels } = useQuery(queries.connectors());
  return useCallback<Suggest>(
    (name, siblings) => {
      if (name !== 'account_id') return [];
      const accounts = (channels ?? []).flatMap((each) => each.accounts);
      const fitting = accounts.filter((each) => !siblings.channel || each.channel === siblings.channel);
      return [...new Set(fitting.map((each) => each.account_id))];
    },
    [channels],
  );
}
