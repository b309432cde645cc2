/** What the texts of a new plug-in have to know. */
export interface StoreTemplate {
  readonly packageName: string;
  readonly id: string;
  /** `0.1.0`: the lowest keyturn it works with. */
  readonly version: string;
}
