import type { Login, Server } from './connection.ts';

/** The server, and who changes passwords there. */
export interface Access {
  readonly server: Server;
  /** Resolved anew each time: its own password may have been rotated meanwhile. */
  readonly admin: () => Promise<Login>;
}
