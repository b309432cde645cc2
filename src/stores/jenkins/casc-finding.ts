import type { Finding } from '../../core/finding.ts';
import type { JenkinsClient } from '../../lib/jenkins/jenkins-client.ts';

/**
 * Whether the plug-in Configuration as Code is there, whose reload writes credentials anew. Only administrators may
 * ask, so that silence says nothing. Asked once.
 */
export function createCascQuestion(client: JenkinsClient): (signal: AbortSignal) => Promise<boolean> {
  let asked: Promise<boolean> | undefined;
  return (signal) => {
    asked ??= ask(client, signal).catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
    return asked;
  };
}

export function cascFinding(subject: string): Finding {
  return {
    severity: 'warning',
    code: 'CONFLICT',
    subject,
    message:
      'Configuration as Code is installed: if it defines this credential, its next reload brings the old value back',
    hint: 'Change the value where Configuration as Code takes it from as well, or add that place as a target.',
  };
}

async function ask(client: JenkinsClient, signal: AbortSignal): Promise<boolean> {
  const path = '/pluginManager/api/json?tree=plugins[shortName,active]';
  const answer = await client.get(path, 'look for Configuration as Code', signal);
  if (answer.status !== 200) return false;
  try {
    const body = JSON.parse(answer.body) as { plugins?: { shortName?: unknown; active?: unknown }[] } | null;
    const plugins = Array.isArray(body?.plugins) ? body.plugins : [];
    return plugins.some(({ shortName, active }) => shortName === 'configuration-as-code' && active === true);
  } catch {
    return false;
  }
}
