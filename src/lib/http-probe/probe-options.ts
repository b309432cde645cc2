/** The validated shapes of probe-schema.ts, for code that must not load the schema library. */
export interface RequestOptions {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly headersFrom: Readonly<Record<string, HeaderFrom>>;
  /** Templates. */
  readonly basicAuth?: { readonly username: string; readonly password: string } | undefined;
  readonly body?: string | undefined;
  readonly ca?: string | undefined;
  readonly allowInsecure: boolean;
}

export type HeaderFrom = string | { readonly reference: string; readonly as: string };

export type ExpectedStatus = number | string | readonly (number | string)[];

export interface Expectation {
  readonly status: ExpectedStatus;
  readonly jsonPath?: string | undefined;
  readonly equals?: string | number | boolean | null | undefined;
  readonly exists?: boolean | undefined;
  readonly bodyContains?: string | undefined;
}

export interface Attempts {
  readonly attempts: number;
  readonly interval: string;
}
