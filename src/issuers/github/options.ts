import { z } from 'zod';
import { isEnterpriseServer, isThisMachine } from '../../lib/github/address.ts';
import { placeShape } from '../../lib/github/connection-schema.ts';

export const optionsSchema = z
  .strictObject({
    ...placeShape,
    kind: z
      .enum(['classic', 'fine-grained'])
      .optional()
      .describe('Kind of token to make; left out, the person is shown both, and either is taken.'),
    fewerScopes: z
      .boolean()
      .default(false)
      .describe('Take a classic token that lacks scopes of the old one. By default it is refused.'),
    revocation: z
      .enum(['assisted', 'api'])
      .default('assisted')
      .describe(
        '`assisted`: a person deletes the old token. `api`: keyturn reports it to GitHub as exposed, which revokes it at once and writes to its owner; for a leak. Not on an Enterprise Server.',
      ),
  })
  .superRefine(({ address, revocation }, ctx) => {
    if (revocation !== 'api' || !isEnterpriseServer(address) || isThisMachine(address)) return;
    const message = 'is for github.com: an Enterprise Server has no revocation without a login';
    ctx.addIssue({ code: 'custom', path: ['revocation'], message });
  });

export type GithubIssuerOptions = z.infer<typeof optionsSchema>;
export type TokenKind = NonNullable<GithubIssuerOptions['kind']>;
