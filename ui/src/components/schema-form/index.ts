export { SchemaForm, type SchemaFormProps } from './schema-form';
export { ErrorList } from './error-list';
export { useSuggestions } from './use-suggestions';
export { ListInput } from './list-input';
export { NumberInput } from './number-input';
export { ZoneInput } from './zone-input';
export {
  NO_ERRORS,
  errorsUnder,
  fieldErrors,
  focusFirstError,
  placeErrors,
  type FieldErrors,
} from './errors';
export { fieldWords, valueWord, type FieldLabels } from './known-fields';
export { isObject, parseNumber, withKey, type Json, type JsonObject, type JsonSchema } from './schema';
export type { Suggest } from './context';
