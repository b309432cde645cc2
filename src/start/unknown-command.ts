import { Config } from '@oclif/core/config';
import { closest } from 'fastest-levenshtein';
import { RotationError } from '../core/errors/rotation-error.ts';
import type { Home } from './home.ts';

/** CONFIG_INVALID with the nearest command there is. `wanted` is an oclif id, with colons. */
export async function unknownCommand(wanted: string, { root, pjson }: Home): Promise<RotationError> {
  const { commandIDs } = await Config.load({ root, pjson, userPlugins: false, devPlugins: false });
  const spoken = wanted.replaceAll(':', ' ');
  const known = commandIDs.map((id) => id.replaceAll(':', ' '));
  const nearest = known.length === 0 ? '' : `Did you mean \`keyturn ${closest(spoken, known)}\`? `;
  return new RotationError('CONFIG_INVALID', {
    subject: 'the command line',
    reason: `there is no command \`${spoken}\``,
    hint: `${nearest}Run \`keyturn --help\` to see them all.`,
  });
}
