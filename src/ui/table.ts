export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** Gives way when the table is too wide; at most one. */
  readonly flexible?: boolean;
}

const WIDTH = 80;
const GAP = '  ';

/**
 * The head and one line for each row, without trailing blanks. Always fits 80 columns, so that it looks the same in
 * a terminal, a pipe and a ticket: the flexible column is cut, with an ellipsis.
 */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
  const widths = columns.map((column, index) =>
    Math.max(column.title.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const excess = widths.reduce((sum, width) => sum + width, GAP.length * (columns.length - 1)) - WIDTH;
  const flexible = columns.findIndex((column) => column.flexible === true);
  if (excess > 0 && flexible >= 0) widths[flexible] = Math.max(1, (widths[flexible] ?? 0) - excess);

  const line = (cells: readonly string[]): string =>
    columns
      .map((column, index) => padCell(cells[index] ?? '', widths[index] ?? 0, column.align ?? 'left'))
      .join(GAP)
      .trimEnd();
  return [line(columns.map((column) => column.title)), ...rows.map(line)];
}

function padCell(text: string, width: number, align: 'left' | 'right'): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return align === 'left' ? cut.padEnd(width) : cut.padStart(width);
}
