import { problem, type Problem } from '#libs/contracts/rest/answers.js';
import type { Answer } from './server-client.js';

const members = Object.keys(problem.properties);

/**
 * What is wrong with the form of an error answer: its media type, its members, and that the two worlds' names of the
 * same thing agree. Null when nothing is, and for answers that are no errors.
 */
export function problemFault({ status, headers, text, json }: Answer): string | null {
  if (status < 400) return null;
  if (!/^application\/problem\+json\b/.test(headers['content-type'] ?? ''))
    return `it is ${headers['content-type']}: ${text}`;
  const body = json<Record<string, unknown>>();
  const missing = members.filter((member) => !(member in body));
  const surplus = Object.keys(body).filter((member) => !members.includes(member));
  if (missing.length + surplus.length > 0) return `it lacks ${missing.join()} and has ${surplus.join()}: ${text}`;
  const { status: told, detail, error, details, request_id: requestId, title, type, code, instance } = body;
  const texts = [title, type, detail, code, instance, requestId];
  if (!texts.every((one) => typeof one === 'string' && one.length > 0)) return `a member is no text: ${text}`;
  if (told !== status) return `status ${status} is told as ${told}`;
  if (error !== detail) return `error and detail differ: ${text}`;
  if (requestId !== headers['x-request-id']) return `request_id is not ${headers['x-request-id']}: ${text}`;
  return typeof details === 'object' && details !== null ? null : `details are no object: ${text}`;
}

/** The problem that an answer tells. @throws Error when it is none, or not in the form of one */
export function problemIn(answer: Answer): Problem {
  const fault = answer.status < 400 ? `it is a ${answer.status}` : problemFault(answer);
  if (fault !== null) throw new Error(`This is no problem answer, because ${fault}`);
  return answer.json<Problem>();
}
