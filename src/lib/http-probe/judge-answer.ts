import type { JsonObject } from '../../core/json.ts';
import type { HttpAnswer } from '../http/http-client.ts';
import { atPath } from '../json-path.ts';
import { fillTemplate } from '../template.ts';
import { matchesStatus } from './expected-status.ts';
import type { Expectation } from './probe-options.ts';

export interface Judgement {
  readonly met: boolean;
  /** `status 200, user.id is as expected`; never a piece of the body, which may repeat the key. */
  readonly summary: string;
  readonly evidence: JsonObject;
}

/**
 * Compares an answer with what was expected of it.
 * @throws RotationError CONFIG_INVALID for an unknown placeholder
 */
export function judgeAnswer(
  answer: HttpAnswer,
  expected: Expectation,
  values: Readonly<Record<string, string>>,
  subject: string,
): Judgement {
  const { status } = answer;
  const evidence = { status };
  if (!matchesStatus(expected.status, status)) {
    return { met: false, summary: `status ${status}, expected ${describeStatus(expected)}`, evidence };
  }
  const findings: Finding[] = [];
  if (expected.jsonPath !== undefined)
    findings.push(judgePath(answer, expected, expected.jsonPath, values, subject));
  if (expected.bodyContains !== undefined) {
    const wanted = fillTemplate(expected.bodyContains, values, subject);
    const met = answer.body.includes(wanted);
    findings.push({
      met,
      text: `the body ${met ? 'has' : 'lacks'} the expected text`,
      evidence: { bodyContains: met },
    });
  }
  const failed = findings.filter((finding) => !finding.met);
  return {
    met: failed.length === 0,
    summary: [
      `status ${status}`,
      ...(failed.length > 0 ? failed : findings).map((finding) => finding.text),
    ].join(', '),
    evidence: Object.assign(evidence, ...findings.map((finding) => finding.evidence)),
  };
}

interface Finding {
  readonly met: boolean;
  readonly text: string;
  readonly evidence: JsonObject;
}

function judgePath(
  answer: HttpAnswer,
  expected: Expectation,
  path: string,
  values: Readonly<Record<string, string>>,
  subject: string,
): Finding {
  const say = (met: boolean, found: string): Finding => ({
    met,
    text: `${path} ${found}`,
    evidence: { jsonPath: path, found },
  });
  const document = jsonOrUndefined(answer.body);
  if (document === undefined) return { ...say(false, 'is not there'), text: 'the body is not JSON' };
  const found = atPath(document, path);
  if (expected.equals === undefined) {
    const there = found !== undefined;
    return say(there === (expected.exists ?? true), there ? 'is there' : 'is not there');
  }
  const wanted =
    typeof expected.equals === 'string' ? fillTemplate(expected.equals, values, subject) : expected.equals;
  if (found === wanted) return say(true, 'is as expected');
  return say(false, found === undefined ? 'is not there' : difference(kindOf(found), kindOf(wanted)));
}

/** What was found is not shown: it may be the key. */
function difference(found: string, wanted: string): string {
  return found === wanted ? `is another ${found} than expected` : `is of type ${found}, expected ${wanted}`;
}

/** Undefined for what is not JSON, which JSON itself cannot say. */
export function jsonOrUndefined(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'list' : typeof value;
}

function describeStatus({ status }: Expectation): string {
  return Array.isArray(status) ? status.join(' or ') : String(status);
}
