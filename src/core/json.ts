/** What a journal line, an event or a receipt may hold: plain data, never a {@link Secret}. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}
