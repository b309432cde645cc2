/** The messages of the protocol, version 3.0, that one side of this emulator sends and the other reads. */

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly routine?: string;
}

/** One byte of type, four of length (which counts itself), the body. */
export function message(type: string, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export const READY = message('Z', 'I');

/** `FATAL` ends the session. */
export function errorResponse(
  severity: 'ERROR' | 'FATAL',
  { code, message: words, routine }: Refusal,
): Buffer {
  const fields = [`S${severity}\0`, `V${severity}\0`, `C${code}\0`, `M${words}\0`];
  return message('E', ...fields, ...(routine === undefined ? [] : [`R${routine}\0`]), '\0');
}

const JSON_TYPE = 114;

/** The description of the one column every question has. */
export function rowDescription(): Buffer {
  const column = [int32(0), int16(0), int32(JSON_TYPE), int16(-1), int32(-1), int16(0)];
  return message('T', int16(1), 'answer\0', ...column);
}

export function dataRow(answer: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(answer), 'utf8');
  return message('D', int16(1), int32(text.length), text);
}

export interface Received {
  /** '' for the first message of a connection, which has no type. */
  readonly type: string;
  readonly body: Buffer;
}

/** Puts messages together from what arrives in pieces. */
export function createReader(take: (received: Received) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0);
  let started = false;
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const typed = started ? 1 : 0;
      if (pending.length < typed + 4) return;
      const end = typed + pending.readInt32BE(typed);
      if (pending.length < end) return;
      const received = {
        type: pending.toString('latin1', 0, typed),
        body: pending.subarray(typed + 4, end),
      };
      pending = pending.subarray(end);
      // A request for encryption comes before the first message, and looks like it.
      started = started || received.body.readInt32BE(0) === PROTOCOL_3;
      take(received);
    }
  };
}

export const PROTOCOL_3 = 196_608;

export function texts(body: Buffer): string[] {
  return body.toString('utf8').split('\0');
}
