import type { Json, JsonObject, JsonSchema } from '@/components/schema-form';

/** The inputs beside the recipient that a sentence names and a person may have to look at. */
const NAMES = ['url', 'text', 'period'] as const;

/** The schema of each of them that the type has, as of an object with this field alone. */
export function contentSchemas(schema: JsonSchema | undefined): [name: string, schema: JsonSchema][] {
  const properties = schema?.properties ?? {};
  return NAMES.flatMap((name) => {
    const own = properties[name];
    return own ? [[name, { ...schema, properties: { [name]: own }, required: schema?.required?.filter((each) => each === name) }] as [string, JsonSchema]] : [];
  });
}

/** Their values. */
export function contentOf(inputs: JsonObject): JsonObject {
  return Object.fromEntries(NAMES.flatMap((name) => (inputs[name] === undefined ? [] : [[name, inputs[name]]])));
}

/** The inputs that change: null removes one. */
export function contentEdit(before: JsonObject, after: JsonObject): JsonObject {
  const changed = NAMES.filter((name) => (before[name] ?? null) !== (after[name] ?? null));
  return Object.fromEntries(changed.map((name): [string, Json] => [name, after[name] ?? null]));
}
