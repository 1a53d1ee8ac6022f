/** What a surface answers when an operation fails: RFC 9457 problem details. */
import { ClientError } from '../../client.ts';
import { UnknownNameError } from '../../kernel/nearest.ts';
import { RateError } from '../../kernel/service-terms.ts';

export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly detail: string;
  readonly exit: number; // the CLI's exit code
}

export const problem = (code: string, detail: string, exit: number): Problem => ({ type: `charter:${code}`, title: code.replaceAll('_', ' '), detail, exit });

export interface Trouble {
  readonly missing: () => Promise<readonly string[]>; // what this process needs and does not find
  readonly log: (fields: object, message: string) => void;
}

/** What the asker can put right by writing it otherwise. */
const WRONG_USE: ReadonlySet<string> = new Set([
  'bad_input',
  'arguments_invalid',
  'reason_missing',
  'nothing_changed',
  'not_raised',
  'not_found',
  'not_offered',
  'rule_invalid',
  'rule_known',
  'rule_unknown',
]);

export interface Failure {
  readonly body: Problem;
  readonly status: 400 | 403 | 429 | 500 | 503;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Errors that we throw on purpose carry a literal code; anything else is a fault, logged whole and told in general. */
export async function failed(error: unknown, operation: string, { missing, log }: Trouble): Promise<Failure> {
  if (error instanceof RateError) return { body: problem(error.code, error.message, 1), status: 429, headers: { 'retry-after': String(error.retryAfterS) } };
  if (error instanceof ClientError) return { body: problem(error.code, error.message, error.status), status: error.status === 3 ? 403 : 400 };
  if (error instanceof UnknownNameError || (deliberate(error) && WRONG_USE.has(error.code)))
    return { body: problem(error.code, error.message, 2), status: 400 };
  if (deliberate(error)) {
    const refused = error.name === 'AuthorityError';
    return { body: problem(error.code, error.message, refused ? 3 : 1), status: refused ? 403 : 400 };
  }
  const gone = await missing();
  if (gone.length > 0) return { body: unavailable(gone), status: 503 };
  log({ err: error, operation }, 'an operation failed');
  return { body: problem('failed', 'Something here failed; the log in the data directory says what. Nothing that was committed is lost.', 1), status: 500 };
}

const unavailable = (gone: readonly string[]): Problem =>
  problem(
    'unavailable',
    `${gone.join(' and ')} does not answer. What is open waits, and nothing is lost; \`charter doctor\` says more. Try again when it is back.`,
    1,
  );

/** Whether we threw it on purpose: with a literal code that is ours. */
const deliberate = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && /^[a-z]+(_[a-z]+)+$/.test(error.code);
