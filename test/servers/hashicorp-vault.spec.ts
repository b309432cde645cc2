import { givenStoreCases } from './given-store.ts';
import { withServer } from './with-server.ts';

/**
 * With VAULT_ADDR and VAULT_TOKEN. The slot is field `value` of `secret/keyturn-test`, or what KEYTURN_TEST_VAULT_REF and
 * KEYTURN_TEST_VAULT_FIELD name: put a value there first.
 */
withServer('vault', (address) => {
  const namespace = process.env['VAULT_NAMESPACE'];
  givenStoreCases({
    id: 'hashicorp-vault',
    options: {
      address,
      auth: { method: 'token', token: 'env:VAULT_TOKEN' },
      ...(namespace === undefined ? {} : { namespace }),
    },
    slot: {
      ref: process.env['KEYTURN_TEST_VAULT_REF'] ?? 'secret/keyturn-test',
      fields: [process.env['KEYTURN_TEST_VAULT_FIELD'] ?? 'value'],
    },
  });
});
