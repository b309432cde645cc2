import { givenStoreCases } from './given-store.ts';
import { withServer } from './with-server.ts';

/**
 * With CONJUR_APPLIANCE_URL, CONJUR_ACCOUNT, CONJUR_AUTHN_LOGIN and CONJUR_AUTHN_API_KEY. The slot is the variable
 * `keyturn-test`, or the one KEYTURN_TEST_CONJUR_REF names: give it a value first.
 */
withServer('conjur', ({ url: address }) => {
  givenStoreCases({
    id: 'cyberark-conjur',
    options: {
      address,
      account: process.env['CONJUR_ACCOUNT'],
      auth: {
        method: 'api-key',
        login: process.env['CONJUR_AUTHN_LOGIN'],
        apiKey: 'env:CONJUR_AUTHN_API_KEY',
      },
    },
    slot: { ref: process.env['KEYTURN_TEST_CONJUR_REF'] ?? 'keyturn-test', fields: [''] },
  });
});
