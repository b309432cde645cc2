import type { ParameterSettings } from './parameter-api.ts';

export interface TypeProblem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string;
}

/** What speaks against a secret in a parameter of this type; undefined for a SecureString. */
export function typeProblem(
  { type, dataType }: Pick<ParameterSettings, 'type' | 'dataType'>,
  allowPlainText: boolean,
): TypeProblem | undefined {
  if (dataType === 'aws:ec2:image') {
    const message =
      'its data type is aws:ec2:image: AWS checks later that the value is an image, and drops it';
    return { severity: 'error', message, hint: 'Keep the key in a parameter of its own.' };
  }
  if (type === 'SecureString') return undefined;
  const hint = 'Make a SecureString of it (a new parameter: the type cannot be changed).';
  if (type !== 'String') {
    return { severity: 'error', message: `it is a ${type}, whose value is cut up at its commas`, hint };
  }
  const message = 'it is a String: not encrypted with a KMS key, and shown in the console';
  if (allowPlainText) return { severity: 'warning', message, hint };
  return { severity: 'error', message, hint: `${hint} Or set \`allowPlainText: true\`.` };
}
