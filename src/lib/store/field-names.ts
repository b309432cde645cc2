/** The names of fields: a list of them, or a mapping whose values are not looked at. Undefined for anything else. */
export function fieldNamesIn(told: unknown): readonly string[] | undefined {
  if (!Array.isArray(told)) return typeof told === 'object' && told !== null ? Object.keys(told) : undefined;
  return told.every((name) => typeof name === 'string') ? told : undefined;
}
