import type { Fields } from '../../core/credential.ts';
import { RotationError } from '../../core/errors/rotation-error.ts';
import type { OpenContext } from '../../core/plugins/contexts.ts';
import type { Slot, Store } from '../../core/plugins/store.ts';
import type { Secret } from '../../core/secret.ts';
import { openJenkins } from '../../lib/jenkins/jenkins-client.ts';
import { askWhoami } from '../../lib/jenkins/whoami.ts';
import { oldValues } from '../../lib/store/old-values.ts';
import { createCascQuestion } from './casc-finding.ts';
import { createCredentialApi } from './credential-api.ts';
import type { CredentialDefinition } from './credential-definition.ts';
import { type CredentialPlace, placeOf } from './credential-place.ts';
import type { JenkinsOptions } from './options.ts';
import { preflightSlot } from './preflight.ts';
import { refuseIfDrifted } from './restore-check.ts';
import { withValues } from './with-values.ts';

interface Found {
  readonly place: CredentialPlace;
  readonly definition: CredentialDefinition;
  readonly subject: string;
}

export async function openJenkinsStore(options: JenkinsOptions, open: OpenContext): Promise<Store> {
  const client = await openJenkins(options, open);
  const api = createCredentialApi(client);
  const hasCasc = createCascQuestion(client);
  const subjectOf = (slot: Slot): string => `${client.name}/${slot.ref}`;

  const find = async (slot: Slot, signal: AbortSignal): Promise<Found> => {
    const subject = subjectOf(slot);
    const place = placeOf(slot.ref, subject);
    const definition = await api.get(place, subject, signal);
    if (definition !== undefined) return { place, definition, subject };
    throw new RotationError('NOT_FOUND', {
      subject,
      action: 'write the credential',
      hint: 'keyturn makes no credentials: create it in Jenkins, or check `ref` and the permission Credentials/View.',
    });
  };

  const post = async (
    found: Found,
    slot: Slot,
    values: Fields<Secret>,
    signal: AbortSignal,
  ): Promise<void> => {
    const { place, definition, subject } = found;
    await api.post(place, withValues(definition, place.id, slot, values, subject), subject, signal);
  };

  return {
    whoami: ({ signal }) => askWhoami(client, signal),

    preflight: (slot, { signal }) => preflightSlot(slot, subjectOf(slot), { api, hasCasc, signal }),

    read: async (slot, { signal }) => {
      const subject = subjectOf(slot);
      const definition = await api.get(placeOf(slot.ref, subject), subject, signal);
      // Nothing that can be seen changes with each write.
      return definition === undefined ? undefined : { fields: {}, version: undefined };
    },

    // Jenkins has neither versions nor a compare-and-set: what is beside the secret is read right before each write.
    write: async (slot, values, _expected, { signal }) => {
      await post(await find(slot, signal), slot, values, signal);
      return { version: undefined };
    },

    restore: async (slot, restoration, { signal }) => {
      const found = await find(slot, signal);
      const values = oldValues(restoration, found.subject, 'Jenkins');
      refuseIfDrifted(found.definition, slot, restoration, found.subject);
      await post(found, slot, values, signal);
    },

    close: async () => client.close(),
  };
}
