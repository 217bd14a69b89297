/*
 * What the form reads of JSON Schema: the part that the models of job types and channels come out as. What it
 * cannot draw it leaves to JSON.
 */

import type { RequiredRole } from '@/generated/operations';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export type JsonSchema = {
  type?: string | string[];
  title?: string;
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: Json[];
  /** The role that may change the field; undefined: every role that sees the form. */
  'x-required-role'?: RequiredRole;
  const?: Json;
  default?: Json;
  examples?: Json[];
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  patternProperties?: Record<string, JsonSchema>;
  additionalProperties?: boolean | JsonSchema;
  writeOnly?: boolean;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
};

export type FieldKind =
  | 'text'
  | 'longtext'
  | 'password'
  | 'number'
  | 'integer'
  | 'boolean'
  | 'choice'
  | 'object'
  | 'map'
  | 'list'
  | 'choices'
  | 'json';

const LONG_TEXT = 2_000;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Resolve a reference and remove "or null"; keywords next to the reference win. */
export function resolve(schema: JsonSchema, root: JsonSchema, depth = 0): JsonSchema {
  if (depth > 8) return schema;
  const { $ref, anyOf, oneOf, allOf, ...rest } = schema;
  if ($ref !== undefined) {
    const found = root.$defs?.[decodeURIComponent($ref.replace(/^#\/\$defs\//, ''))];
    return found ? resolve({ ...found, ...rest }, root, depth + 1) : rest;
  }
  const options = (anyOf ?? oneOf)?.filter((each) => each.type !== 'null');
  const only = options?.length === 1 ? options[0] : allOf?.length === 1 ? allOf[0] : undefined;
  if (only !== undefined) return resolve({ ...only, ...rest }, root, depth + 1);
  if (Array.isArray(schema.type)) {
    const types = schema.type.filter((each) => each !== 'null');
    return types.length === 1 ? { ...schema, type: types[0] } : schema;
  }
  return schema;
}

/** How a resolved schema is drawn. */
export function kindOf(schema: JsonSchema, root: JsonSchema): FieldKind {
  if (schema.enum !== undefined || schema.const !== undefined) return 'choice';
  if (schema.anyOf !== undefined) return isTyped(schema.anyOf) ? 'text' : 'json';
  if (schema.oneOf !== undefined || schema.allOf !== undefined) return 'json';
  switch (schema.type) {
    case 'boolean':
    case 'number':
    case 'integer':
      return schema.type;
    case 'string':
      return stringKind(schema);
    case 'object':
      if (schema.properties !== undefined) return 'object';
      return mapSchema(schema)?.type === 'string' ? 'map' : 'json';
    case 'array':
      return listKind(schema, root);
    default:
      return 'json';
  }
}

/** Whether a text says every value: 200, "2xx" or a list of them as "200, 2xx". */
function isTyped(options: readonly JsonSchema[]): boolean {
  const types = options.map((each) => each.type).filter((each) => each !== 'null');
  return types.includes('string') && types.includes('array') && types.every((each) => each === 'string' || each === 'integer' || each === 'array');
}

function stringKind(schema: JsonSchema): FieldKind {
  if (schema.format === 'password' || schema.writeOnly) return 'password';
  const isLong = (schema.maxLength ?? 0) >= LONG_TEXT && !schema.pattern && !schema.examples;
  return isLong ? 'longtext' : 'text';
}

function listKind(schema: JsonSchema, root: JsonSchema): FieldKind {
  const items = resolve(schema.items ?? {}, root);
  if (items.enum !== undefined) return 'choices';
  return items.type === 'string' ? 'list' : 'json';
}

/** The schema of a map's values. */
export function mapSchema(schema: JsonSchema): JsonSchema | undefined {
  const named = Object.values(schema.patternProperties ?? {})[0];
  return named ?? (isObject(schema.additionalProperties) ? (schema.additionalProperties as JsonSchema) : undefined);
}

/** The values that a choice offers. */
export function choicesOf(schema: JsonSchema): Json[] {
  return schema.enum ?? (schema.const === undefined ? [] : [schema.const]);
}

/** The object with a key set, or without the key if the value is undefined. */
export function withKey(object: JsonObject, key: string, value: Json | undefined): JsonObject {
  if (value !== undefined) return { ...object, [key]: value };
  const rest = { ...object };
  delete rest[key];
  return rest;
}

/** Parse a typed number with a comma or a point; invalid text is returned unchanged, so that it can be reported. */
export function parseNumber(text: string): number | string | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return undefined;
  const plain = /^-?\d+,\d+$/.test(trimmed) ? trimmed.replace(',', '.') : trimmed;
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : trimmed;
}

/** Append a token to a JSON pointer. */
export function joinPointer(pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

/** The pointers of all fields that a form of this schema draws for this value. */
export function renderedPointers(schema: JsonSchema, value: Json | undefined, root = schema, at = ''): string[] {
  const object = isObject(value) ? value : {};
  return Object.entries(schema.properties ?? {}).flatMap(([name, raw]) => {
    const field = resolve(raw, root);
    const pointer = joinPointer(at, name);
    const isOpen = schema.required?.includes(name) || object[name] !== undefined;
    if (kindOf(field, root) !== 'object' || !isOpen) return [pointer];
    return [pointer, ...renderedPointers(field, object[name], root, pointer)];
  });
}
