import type { Fields } from '../../core/credential.ts';

/** A credential as an emulated Jenkins keeps it: plain, and by the names of its elements. */
export interface EmulatedCredential {
  /** Name of its class, and the attribute that says which plug-in it is of. */
  readonly root: string;
  readonly plugin: string;
  /** In the order of the definition. */
  readonly elements: ReadonlyMap<string, string>;
  /** Elements whose content Jenkins encrypts, and does not show. */
  readonly hidden: ReadonlySet<string>;
}

const COMMON: Fields<string> = { scope: 'GLOBAL', id: '', description: '' };

/** The classes an emulated Jenkins knows, each with its elements as they are at first. */
const CLASSES = {
  text: {
    root: 'org.jenkinsci.plugins.plaincredentials.impl.StringCredentialsImpl',
    plugin: 'plain-credentials@183.va_de8f1dd5a_2b_',
    own: { secret: '' },
    hidden: ['secret'],
  },
  login: {
    root: 'com.cloudbees.plugins.credentials.impl.UsernamePasswordCredentialsImpl',
    plugin: 'credentials@1415.v831096eb_5534',
    own: { username: 'deploy <bot> & "co"', password: '', usernameSecret: 'false' },
    hidden: ['password'],
  },
  file: {
    root: 'org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl',
    plugin: 'plain-credentials@183.va_de8f1dd5a_2b_',
    own: { fileName: 'key & more.json', secretBytes: '' },
    hidden: ['secretBytes'],
  },
  sshKey: {
    root: 'com.cloudbees.jenkins.plugins.sshcredentials.impl.BasicSSHUserPrivateKey',
    plugin: 'ssh-credentials@343.v884f71d78167',
    own: { username: 'git', passphrase: '' },
    hidden: ['passphrase'],
  },
} as const satisfies Record<string, object>;

export type EmulatedClass = keyof typeof CLASSES;

export function emulatedCredential(
  kind: EmulatedClass,
  id: string,
  values: Fields<string>,
): EmulatedCredential {
  const { root, plugin, own, hidden } = CLASSES[kind];
  const elements = new Map(Object.entries({ ...COMMON, id, ...own }));
  for (const [name, value] of Object.entries(values)) elements.set(name, value);
  return { root, plugin, elements, hidden: new Set(hidden) };
}

/** As Jenkins writes it: pretty, without an XML declaration, the secrets redacted. */
export function shownDefinition({ root, plugin, elements, hidden }: EmulatedCredential): string {
  const lines = [...elements].map(([name, value]) =>
    hidden.has(name)
      ? `  <${name}>\n    <secret-redacted/>\n  </${name}>`
      : `  <${name}>${value.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)}</${name}>`,
  );
  return [`<${root} plugin="${plugin}">`, ...lines, `</${root}>`].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/**
 * What is posted takes the place of all there was: an element that is missing is gone, and a placeholder leaves an
 * empty secret. Undefined for XML that Jenkins cannot read (500).
 */
export function replacedBy(before: EmulatedCredential, xml: string): EmulatedCredential | undefined {
  const [, root, inner] = /^<([\w.]+)(?: [^>]*)?>([\s\S]*)<\/\1>\s*$/.exec(xml) ?? [];
  if (root !== before.root || inner === undefined) return undefined;
  const elements = new Map<string, string>();
  for (const [, name = '', content = ''] of inner.matchAll(/<(\w+)>([\s\S]*?)<\/\1>/g)) {
    elements.set(name, content.includes('<') ? '' : decoded(content));
  }
  const keepsId = elements.get('id') === before.elements.get('id');
  return keepsId ? { ...before, elements } : undefined;
}

function decoded(text: string): string {
  const named = Object.entries(ENTITIES).map(([character, entity]) => [entity, character] as const);
  const names = new Map(named);
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/&#(\d+);|&\w+;/g, (whole, code: string | undefined) =>
      code === undefined ? (names.get(whole) ?? whole) : String.fromCodePoint(Number(code)),
    );
}
