import { VALUE_PART } from '../../core/credential.ts';
import type { AssistedTask, RequestedPart } from '../../core/operator.ts';
import type { KeyRef } from '../../core/plugins/issuer.ts';

const OWN_KEYS = 'https://go.postman.co/settings/me/api-keys';
/** Enterprise only: keys of everybody in the team. */
const TEAM_KEYS = 'https://go.postman.co/manage-postman-keys';

export const NEW_KEY_PARTS: readonly RequestedPart[] = [{ name: VALUE_PART, label: 'New Postman API key' }];

/**
 * A second key beside the old one: both work until the old one is deleted. Replacing a key's value in place would
 * stop every service at once, so the page's button for that is not named here.
 */
export function makeKeyTask(label: string): AssistedTask {
  return {
    title: 'Make a second Postman API key',
    url: OWN_KEYS,
    instructions: [
      `Open ${OWN_KEYS}, signed in as the user who owns the old key, in the same team.`,
      'Click "Generate API Key".',
      `Name it ${label}`,
      'Click "Generate API Key" again, and copy the key: Postman shows it only once.',
      'Leave the old key as it is; services use it until the new one is everywhere.',
      'Give the new key to keyturn.',
    ],
  };
}

export function deleteKeyTask(ref: KeyRef): AssistedTask {
  return {
    title: `Delete the Postman API key ${ref.id}`,
    url: OWN_KEYS,
    instructions: [
      `As the owner: open ${OWN_KEYS}, find the key that begins with ${ref.id}, and delete it with the menu in its row.`,
      `As an administrator of an Enterprise team: open ${TEAM_KEYS}, find the key, and revoke it.`,
      'A deleted key cannot be brought back: make sure that the beginning is the same, to the last character.',
      'Tell keyturn when it is done; it then asks Postman whether the key is really dead.',
    ],
  };
}
