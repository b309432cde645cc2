import { WHOLE } from '../../core/plugins/store.ts';
import { type CredentialKind, kindOf, type Part } from './credential-kinds.ts';
import type { XmlDocument, XmlElement } from './xml-elements.ts';
import { unescapeXml } from './xml-text.ts';

/** The `config.xml` of a credential as Jenkins shows it: its secrets are `<secret-redacted/>`. */
export interface CredentialDefinition extends XmlDocument {
  readonly text: string;
  /** Undefined for one of another plug-in. */
  readonly kind: CredentialKind | undefined;
  /** Jenkins may have put question marks where its encoding had no character. */
  readonly lossy: boolean;
}

/** `utf8`: the answer says that this is its encoding. */
export function definitionOf(text: string, document: XmlDocument, utf8: boolean): CredentialDefinition {
  return {
    ...document,
    text,
    kind: kindOf(document.root),
    lossy: text.includes('\ufffd') || (!utf8 && text.replace(/^\s*<\?[\s\S]*?\?>/, '').includes('?')),
  };
}

export function partOf({ kind }: CredentialDefinition, field: string): Part | undefined {
  if (kind === undefined) return undefined;
  const name = field === WHOLE ? kind.main : field;
  return Object.hasOwn(kind.parts, name) ? kind.parts[name] : undefined;
}

/** Undefined when there is none, or more than one. */
export function elementOf({ children }: CredentialDefinition, name: string): XmlElement | undefined {
  const found = children.filter((child) => child.name === name);
  return found.length === 1 ? found[0] : undefined;
}

/** The text of an element that Jenkins shows. */
export function shownText(definition: CredentialDefinition, name: string): string | undefined {
  const element = elementOf(definition, name);
  return element === undefined ? undefined : unescapeXml(element.inner);
}

export function isRedacted(xml: string): boolean {
  return xml.includes('<secret-redacted');
}
