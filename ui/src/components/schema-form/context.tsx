'use client';

import { createContext, useContext } from 'react';
import type { FieldErrors } from './errors';
import type { FieldLabels } from './field-labels';
import type { JsonObject, JsonSchema } from './schema';

/** Suggestions for a field, derived from other fields: the names of accounts, for example. */
export type Suggest = (name: string, siblings: JsonObject) => readonly string[];

export type FormSettings = {
  root: JsonSchema;
  errors: FieldErrors;
  labels: FieldLabels | undefined;
  suggest: Suggest | undefined;
  disabled: boolean;
};

const SettingsContext = createContext<FormSettings | null>(null);
export const SettingsProvider = SettingsContext.Provider;

export function useSettings(): FormSettings {
  const settings = useContext(SettingsContext);
  if (settings === null) throw new Error('A field of a schema form is outside of one');
  return settings;
}
