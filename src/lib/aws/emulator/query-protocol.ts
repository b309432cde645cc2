import { randomUUID } from 'node:crypto';
import type { EmulatedAnswer, EmulatedRequest } from '../../emulator/loopback-server.ts';

/** An element's content: text, or elements by name; a list becomes `<member>` elements. */
export type Xml = string | readonly Xml[] | { readonly [name: string]: Xml | undefined };

const NAMESPACES: Readonly<Record<string, string>> = {
  iam: 'https://iam.amazonaws.com/doc/2010-05-08/',
  sts: 'https://sts.amazonaws.com/doc/2011-06-15/',
};

/** The parameters of an AWS Query request; undefined when it is something else. */
export function queryParameters(request: EmulatedRequest): URLSearchParams | undefined {
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded');
  return form === true ? new URLSearchParams(request.body) : undefined;
}

/** The members of `Name.member.1`, `Name.member.2` … */
export function memberList(parameters: URLSearchParams, name: string): string[] {
  const members: string[] = [];
  for (let index = 1; ; index += 1) {
    const value = parameters.get(`${name}.member.${index}`);
    if (value === null) return members;
    members.push(value);
  }
}

/** Operations without a result have the metadata alone. */
export function queryAnswer(service: string, action: string, result?: Xml): EmulatedAnswer {
  const id = randomUUID();
  const body = {
    ...(result === undefined ? {} : { [`${action}Result`]: result }),
    ResponseMetadata: { RequestId: id },
  };
  return xmlAnswer(200, id, `${action}Response`, service, body);
}

export function queryError(service: string, status: number, code: string, message: string): EmulatedAnswer {
  const id = randomUUID();
  const type = status >= 500 ? 'Receiver' : 'Sender';
  const body = { Error: { Type: type, Code: code, Message: message }, RequestId: id };
  return xmlAnswer(status, id, 'ErrorResponse', service, body);
}

function xmlAnswer(status: number, id: string, root: string, service: string, body: Xml): EmulatedAnswer {
  return {
    status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': id },
    body: `<${root} xmlns="${NAMESPACES[service] ?? ''}">\n${render(body)}\n</${root}>\n`,
  };
}

function render(content: Xml): string {
  if (typeof content === 'string') return escapeText(content);
  if (Array.isArray(content)) return content.map((member) => `<member>${render(member)}</member>`).join('');
  return Object.entries(content)
    .map(([name, child]) => (child === undefined ? '' : `<${name}>${render(child)}</${name}>`))
    .join('');
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
