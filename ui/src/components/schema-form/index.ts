export { SchemaForm, type SchemaFormProps } from './schema-form';
export { ErrorList } from './error-list';
export { useSuggestions } from './use-suggestions';
export { ListInput } from './list-input';
export { NumberInput } from './number-input';
export { TimeZoneInput } from './time-zone-input';
export {
  NO_ERRORS,
  errorsUnder,
  fieldErrors,
  focusFirstError,
  assignErrors,
  type FieldErrors,
} from './errors';
export { fieldTexts, valueText, type FieldLabels } from './field-labels';
export { isObject, parseNumber, withKey, type Json, type JsonObject, type JsonSchema } from './schema';
export type { Suggest } from './context';
