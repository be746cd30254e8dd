const typeOf = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return Number.isInteger(value) ? 'integer' : typeof value;
};

const known = new Set(
  '$schema title description type required additionalProperties properties items enum const minimum'.split(
    ' ',
  ),
);

/**
 * Checks a value against the keywords of JSON Schema 2020-12 that this project's schema uses, and complains about
 * any other keyword, so that none is ignored. One entry a violation: `$.path: keyword`.
 */
export function schemaViolations(schema: unknown, value: unknown, path = '$'): string[] {
  if (!isRecord(schema)) return [`${path}: no schema`];
  const found = Object.keys(schema)
    .filter((keyword) => !known.has(keyword))
    .map((keyword) => `${path}: unchecked keyword ${keyword}`);
  const { type, minimum } = schema;
  const types = Array.isArray(type) ? type : [type];
  const actual = typeOf(value);
  if (type !== undefined && !types.includes(actual) && !(actual === 'integer' && types.includes('number'))) {
    return [...found, `${path}: type`];
  }
  if ('const' in schema && schema['const'] !== value) found.push(`${path}: const`);
  if (Array.isArray(schema['enum']) && !schema['enum'].includes(value)) found.push(`${path}: enum`);
  if (typeof minimum === 'number' && typeof value === 'number' && value < minimum)
    found.push(`${path}: minimum`);
  if (Array.isArray(value)) {
    return [
      ...found,
      ...value.flatMap((item, index) => schemaViolations(schema['items'], item, `${path}[${index}]`)),
    ];
  }
  return isRecord(value) ? [...found, ...memberViolations(schema, value, path)] : found;
}

function memberViolations(
  schema: Record<string, unknown>,
  value: Record<string, unknown>,
  path: string,
): string[] {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {};
  const required: unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
  const missing = required
    .filter((name) => !(String(name) in value))
    .map((name) => `${path}.${String(name)}: missing`);
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const at = `${path}.${name}`;
    const rule = properties[name] ?? schema['additionalProperties'];
    return rule === false || rule === undefined ? [`${at}: unknown`] : schemaViolations(rule, member, at);
  });
  return [...missing, ...wrong];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
