/** A part of a credential that can be written. */
export interface Part {
  /** Its element in the definition. */
  readonly element: string;
  /** Jenkins does not show it. */
  readonly hidden: boolean;
  /** From a value to the text of its element. */
  readonly encode: (value: string) => string;
}

export interface CredentialKind {
  readonly title: string;
  /** By the name `field` gives them. */
  readonly parts: Readonly<Record<string, Part>>;
  /** The part that is meant when no field is named. */
  readonly main: string;
}

const asIs = (value: string): string => value;
const base64 = (value: string): string => Buffer.from(value, 'utf8').toString('base64');

/** By the class that is the root of the definition. */
const KINDS: Readonly<Record<string, CredentialKind>> = {
  'org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl': {
    title: 'secret text',
    parts: { secret: { element: 'secret', hidden: true, encode: asIs } },
    main: 'secret',
  },
  'com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl': {
    title: 'user name with password',
    parts: {
      username: { element: 'username', hidden: false, encode: asIs },
      password: { element: 'password', hidden: true, encode: asIs },
    },
    main: 'password',
  },
  'org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl': {
    title: 'secret file',
    parts: { content: { element: 'secretBytes', hidden: true, encode: base64 } },
    main: 'content',
  },
};

export const KIND_TITLES: readonly string[] = Object.values(KINDS).map(({ title }) => title);

export function kindOf(root: string): CredentialKind | undefined {
  return Object.hasOwn(KINDS, root) ? KINDS[root] : undefined;
}
