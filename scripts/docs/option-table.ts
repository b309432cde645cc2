import type { OptionRow } from '../../src/app/catalog-options.ts';
import { code, table } from './markdown.ts';

/** Options, or fields, as a table in their own order. */
export function optionTable(rows: readonly OptionRow[]): string {
  return table(
    ['Name', 'Type', 'Default', 'Meaning'],
    rows.map((row) => [code(row.name), code(row.type), presetOf(row), row.description]),
  );
}

function presetOf(row: OptionRow): string {
  if (row.required) return 'required';
  return row.default === undefined ? '-' : code(JSON.stringify(row.default));
}
