type Handler = (args: unknown) => Promise<{ readonly response: unknown }>;

/** The part of the SDK's middleware stack that is used, without the generic types each client has of it. */
interface Stack {
  add(
    middleware: (next: Handler) => Handler,
    options: { step: 'deserialize'; priority: 'low'; name: string },
  ): void;
}

/** An answer that no AWS service gives. */
export interface StrangeAnswer extends Error {
  readonly name: 'StrangeAnswer';
  /** A redirect proves that nothing was done; a web page proves nothing. */
  readonly redirected: boolean;
}

/**
 * The SDK takes any 2xx for success where the operation returns nothing: a login page would pass for a deactivated
 * key. So answers are looked at before they are parsed: AWS gives every answer a request id.
 */
export function refuseStrangeAnswers(client: { readonly middlewareStack: unknown }): void {
  const stack = client.middlewareStack as Stack;
  const guard = (next: Handler): Handler => {
    return async (args) => {
      const result = await next(args);
      const strange = strangeness(result.response);
      if (strange !== undefined) throw strange;
      return result;
    };
  };
  stack.add(guard, { step: 'deserialize', priority: 'low', name: 'keyturnAnswerGuard' });
}

export function isStrangeAnswer(error: unknown): error is StrangeAnswer {
  return error instanceof Error && error.name === 'StrangeAnswer';
}

interface RawAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: { destroy?: () => void };
}

function strangeness(response: unknown): StrangeAnswer | undefined {
  const { statusCode, headers, body } = response as RawAnswer;
  const redirected = statusCode >= 300 && statusCode < 400;
  // Errors have a form of their own, which the SDK looks for; success may have none.
  const unsigned = statusCode < 300 && headers['x-amzn-requestid'] === undefined;
  if (!redirected && !unsigned) return undefined;
  body?.destroy?.();
  const reason = redirected
    ? `it redirects (${statusCode}); credentials are never sent after a redirect`
    : `an answer that is not of AWS: status ${statusCode}, ${headers['content-type'] ?? 'no content type'}, no request id`;
  return Object.assign(new Error(reason), { name: 'StrangeAnswer' as const, redirected });
}
