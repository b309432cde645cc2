import { RotationError } from '../../core/errors/rotation-error.ts';

export interface ParameterRef {
  readonly name: string;
  /** What readers ask for; undefined when they take the newest version. */
  readonly label: string | undefined;
  /** As GetParameter takes it: `name`, or `name:label`. */
  readonly selector: string;
}

const NAME = /^(?:\/[\w.-]+)+$|^[\w.-]+$/;
/** Not a number, since `name:3` is a version, and not of AWS. */
const LABEL = /^(?!\d|aws|ssm)[\w.-]{1,100}$/;

/** @throws RotationError CONFIG_INVALID */
export function parseRef(ref: string, subject: string): ParameterRef {
  const [name = '', label, more] = ref.split(':');
  const wrong = problemOf(ref, name, label, more);
  if (wrong === undefined) return { name, label, selector: ref };
  throw new RotationError('CONFIG_INVALID', {
    subject,
    reason: wrong,
    hint: 'Name the parameter as `/prod/checkout/api-key`, or with the label its readers use: `/prod/checkout/api-key:live`.',
  });
}

function problemOf(
  ref: string,
  name: string,
  label: string | undefined,
  more: string | undefined,
): string | undefined {
  if (ref.startsWith('arn:')) return '`ref` is an ARN; a parameter is written by its name';
  if (!NAME.test(name)) return '`ref` is not the name of a parameter';
  if (/^\/?aws\//i.test(name)) return 'names under /aws/ are for AWS alone';
  if (label === undefined) return undefined;
  if (/^\d+$/.test(label)) return '`ref` names a version; a version never changes';
  return more !== undefined || !LABEL.test(label)
    ? 'what follows the name in `ref` is not a label'
    : undefined;
}
