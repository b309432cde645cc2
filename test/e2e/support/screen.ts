/** What a person sees: the lines of a terminal after everything written to it, those scrolled away included. */
export interface Screen {
  write(text: string): void;
  lines(): string[];
  /** As it is read: a line that was broken at the edge is one. */
  text(): string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is made of these
const UNFINISHED = /\u001b(?:\[[?\d;]*)?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is made of these
const PIECES = /\u001b\[([?\d;]*)([A-Za-z])|\u001b[=>78]|[\r\n\b\u0007]|[^\r\n\b\u0007\u001b]+|\u001b/g;

/** Knows the controls that listr2 and inquirer use: cursor moves, erasing, colours. Without a bottom edge. */
export function createScreen(cols: number): Screen {
  const rows: string[][] = [[]];
  /** Rows whose text goes on in the next one. */
  const broken = new Set<number>();
  /** A control that is not there to its end yet. */
  let begun = '';
  let row = 0;
  let col = 0;

  const rowAt = (index: number): string[] => {
    while (rows.length <= index) rows.push([]);
    return rows[index] ?? [];
  };
  const put = (char: string): void => {
    if (col >= cols) {
      broken.add(row);
      row += 1;
      col = 0;
    }
    const line = rowAt(row);
    while (line.length < col) line.push(' ');
    line[col] = char;
    col += 1;
  };
  const eraseDisplay = (): void => {
    rowAt(row).length = Math.min(rowAt(row).length, col);
    rows.length = row + 1;
    for (const at of broken) if (at >= row) broken.delete(at);
  };
  const eraseLine = (mode: number): void => {
    const line = rowAt(row);
    broken.delete(row);
    if (mode === 2) line.length = 0;
    else if (mode === 0) line.length = Math.min(line.length, col);
    else for (let at = 0; at <= col && at < line.length; at += 1) line[at] = ' ';
  };
  const MOVES: Readonly<Record<string, (count: number) => void>> = {
    A: (count) => {
      row = Math.max(0, row - count);
    },
    B: (count) => {
      row += count;
    },
    C: (count) => {
      col = Math.min(cols - 1, col + count);
    },
    D: (count) => {
      col = Math.max(0, Math.min(col, cols - 1) - count);
    },
    G: (count) => {
      col = count - 1;
    },
  };
  const control = (parameters: string, letter: string): void => {
    const number = Number.parseInt(parameters, 10);
    if (letter === 'J') eraseDisplay();
    else if (letter === 'K') eraseLine(Number.isNaN(number) ? 0 : number);
    else MOVES[letter]?.(Number.isNaN(number) ? 1 : number);
  };

  const text = (piece: string): void => {
    if (piece === '\r') col = 0;
    else if (piece === '\b') col = Math.max(0, col - 1);
    else if (piece === '\n') {
      row += 1;
      rowAt(row);
    } else if (!piece.startsWith('\u001b') && piece !== '\u0007') for (const char of piece) put(char);
  };

  const lines = (): string[] =>
    rows.map((line, at) => (broken.has(at) ? line.join('') : line.join('').trimEnd()));
  return {
    write: (written) => {
      // A terminal delivers in pieces of its own, and a reader that is late gets them cut anywhere.
      const known = begun + written;
      begun = UNFINISHED.exec(known)?.[0] ?? '';
      const whole = known.slice(0, known.length - begun.length);
      for (const [piece, parameters, letter] of whole.matchAll(PIECES)) {
        if (letter === undefined) text(piece);
        else control(parameters ?? '', letter);
      }
    },
    lines,
    text: () =>
      lines().reduce(
        (read, line, at) => (at === 0 || broken.has(at - 1) ? read + line : `${read}\n${line}`),
        '',
      ),
  };
}
