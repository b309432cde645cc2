/** What a reference gave, and the name of its place for errors. */
export interface Reading {
  readonly subject: string;
  readonly value: string;
}

export interface ReferenceSettings {
  /** The folder of the config: `file:` paths are relative to it, `exec:` programs run in it. */
  readonly baseDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** How long an `exec:` program may take; 30 seconds by default. */
  readonly execTimeoutMs?: number;
}

/** Files and programs end their text with a newline that is not part of the secret. */
export function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}
