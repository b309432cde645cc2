import { type About, strangeAnswer } from '../../lib/http/answer.ts';
import type { JenkinsClient } from '../../lib/jenkins/jenkins-client.ts';
import { jenkinsError } from '../../lib/jenkins/jenkins-error.ts';
import { type CredentialDefinition, definitionOf } from './credential-definition.ts';
import type { CredentialPlace } from './credential-place.ts';
import { parseXml } from './xml-elements.ts';

/** What Jenkins offers for one credential: its whole definition, without the secrets, and a new one in its place. */
export interface CredentialApi {
  /** Undefined when it does not exist, or may not be seen: Jenkins does not tell which. Needs Credentials/View. */
  get(
    place: CredentialPlace,
    subject: string,
    signal: AbortSignal,
  ): Promise<CredentialDefinition | undefined>;
  /** Needs Credentials/Update. */
  post(place: CredentialPlace, xml: string, subject: string, signal: AbortSignal): Promise<void>;
}

export function createCredentialApi(client: JenkinsClient): CredentialApi {
  return {
    get: async ({ path }, subject, signal) => {
      const about: About = { subject, action: 'read the definition of the credential', effect: 'read' };
      const answer = await client.get(path, about.action, signal);
      if (answer.status === 404) return undefined;
      if (answer.status !== 200) throw jenkinsError(answer, about);
      const type = answer.headers['content-type'] ?? '';
      // Anybody's web page may be well-formed too.
      const document = /\bxml\b/.test(type) && !type.includes('html') ? parseXml(answer.body) : undefined;
      if (document === undefined) throw strangeAnswer(answer, about);
      return definitionOf(answer.body, document, /charset="?utf-8/i.test(type));
    },

    post: async ({ path }, xml, subject, signal) => {
      const about: About = { subject, action: 'write the credential', effect: 'write' };
      // Without the encoding, Jenkins takes the text for Latin-1.
      const content = { type: 'application/xml;charset=utf-8', text: xml };
      const answer = await client.post(path, content, about.action, signal);
      if (answer.status !== 200) throw jenkinsError(answer, about);
      // A page is a proxy's or a login wall's: Jenkins itself has nothing to say here.
      if (answer.body.trim() !== '') throw strangeAnswer(answer, about);
    },
  };
}
