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
  const drawn = columns.map((column, index) => {
    const cells = [column.title, ...rows.map((row) => row[index] ?? '')];
    return { ...column, cells, width: Math.max(...cells.map((cell) => cell.length)) };
  });
  const excess = drawn.reduce((sum, { width }) => sum + width, GAP.length * (columns.length - 1)) - WIDTH;
  const flexible = drawn.find((column) => column.flexible === true);
  if (excess > 0 && flexible !== undefined) flexible.width = Math.max(1, flexible.width - excess);

  const padded = drawn.map(({ cells, width, align }) => cells.map((cell) => padCell(cell, width, align)));
  return Array.from({ length: rows.length + 1 }, (_, line) =>
    padded
      .map((cells) => cells[line])
      .join(GAP)
      .trimEnd(),
  );
}

function padCell(text: string, width: number, align: Column['align']): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return align === 'right' ? cut.padStart(width) : cut.padEnd(width);
}
