import { VALUE_PART } from '../../core/credential.ts';
import type { AssistedTask, RequestedPart } from '../../core/operator.ts';
import type { KeyRef, ReplacedKey } from '../../core/plugins/issuer.ts';
import type { TokenKind } from './options.ts';

export const NEW_TOKEN_PARTS: readonly RequestedPart[] = [{ name: VALUE_PART, label: 'New GitHub token' }];

/** Lists of a user's own tokens, below the address of the web pages. */
const PAGES = {
  classic: '/settings/tokens',
  'fine-grained': '/settings/personal-access-tokens',
} as const satisfies Record<TokenKind, string>;

/** A second token beside the old one. The page's button that gives the old one a new value would stop every service at once, so it is not named here. */
export function makeTokenTask(
  label: string,
  web: string,
  wanted: TokenKind | undefined,
  replaces: ReplacedKey | undefined,
): AssistedTask {
  const kind = wanted ?? kindIn(replaces);
  const url = newTokenPage(label, web, kind, replaces);
  const owner = replaces?.principal?.details?.['login'];
  return {
    title: 'Make a second GitHub token',
    url,
    instructions: [
      `Open ${url}, signed in as ${typeof owner === 'string' ? owner : 'the user who owns the old token'}.`,
      ...(kind === undefined ? [`For a classic token open ${web}${PAGES.classic}/new instead.`] : []),
      `Name it ${label}`,
      kind === 'classic'
        ? 'Choose the scopes of the old token, and an expiry.'
        : 'Choose the resource owner, repositories and permissions of the old token, and an expiry.',
      'Click "Generate token", and copy it: GitHub shows it only once.',
      kind === 'classic'
        ? 'Where an organisation uses single sign-on: click "Configure SSO" beside the token and authorise it.'
        : 'Where an organisation approves tokens: have the new one approved before you go on.',
      'Leave the old token as it is; services use it until the new one is everywhere.',
      'Give the new token to keyturn.',
    ],
  };
}

/** The form for classic tokens takes name and scopes from its address. */
function newTokenPage(
  label: string,
  web: string,
  kind: TokenKind | undefined,
  replaces: ReplacedKey | undefined,
): string {
  if (kind !== 'classic') return `${web}${PAGES['fine-grained']}/new`;
  const scopes = replaces?.principal?.details?.['scopes'];
  const filled = new URLSearchParams({ description: label });
  if (Array.isArray(scopes) && scopes.length > 0) filled.set('scopes', scopes.join(','));
  return `${web}${PAGES.classic}/new?${filled}`;
}

function kindIn(replaces: ReplacedKey | undefined): TokenKind | undefined {
  const kind = replaces?.principal?.details?.['kind'];
  return kind === 'classic' || kind === 'fine-grained' ? kind : undefined;
}

/** May mean the new token, when a rotation is taken back: it takes no side. */
export function deleteTokenTask(ref: KeyRef, web: string): AssistedTask {
  return {
    title: 'Delete a GitHub token',
    url: `${web}${PAGES.classic}`,
    instructions: [
      `Its SHA-256, as audit logs have it (hashed_token), is ${ref.id}`,
      `As its owner: open ${web}${PAGES.classic} (classic) or ${web}${PAGES['fine-grained']} (fine-grained), and delete it there. Tokens that keyturn asked for bear the id of their rotation.`,
      'As an owner of the organisation: revoke the access of the token in its settings, under "Personal access tokens" or "SSO"; the token itself stays alive for everything else.',
      'A deleted token cannot be brought back: if you are not sure which one it is, look at "Last used" and at the expiry.',
      'Tell keyturn when it is done; it then asks GitHub whether the token is really dead.',
    ],
  };
}
