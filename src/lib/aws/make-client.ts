import { refuseStrangeAnswers } from './answer-guard.ts';

const SWITCH = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/**
 * Makes an SDK client that refuses answers no AWS service gives. The SDK warns, once a process and while a client is
 * made, of Node versions it will leave behind; that is a matter of our package's `engines`, not of whoever reads our
 * output. The switch is set for that moment only, so that commands we start do not inherit it.
 */
export function makeClient<Client extends { readonly middlewareStack: unknown }>(make: () => Client): Client {
  const before = process.env[SWITCH];
  process.env[SWITCH] = 'true';
  try {
    const client = make();
    refuseStrangeAnswers(client);
    return client;
  } finally {
    if (before === undefined) delete process.env[SWITCH];
    else process.env[SWITCH] = before;
  }
}
