/** How the files of a store are written, and where the fields of a slot stand in them. */
export interface TextFormat {
  /** What messages call a field: `entry API_KEY`. */
  nameOf(field: string): string;
  /** Why no file could have such a field, and what to give instead; undefined when one could. */
  problemOf(field: string): { readonly reason: string; readonly hint: string } | undefined;
  /**
   * Undefined when the field is not there, the empty text when it is empty.
   * @throws RotationError REFUSED when its value could not be replaced, or not put back
   */
  valueOf(text: string, field: string, subject: string): string | undefined;
  /**
   * The text with new values (field → value) and every character beside them as it was.
   * @throws RotationError NOT_FOUND, REFUSED
   */
  edit(text: string, changes: ReadonlyMap<string, string>, subject: string): string;
}
