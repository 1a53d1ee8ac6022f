/** What the first view stands on. A link in the address signs in, once, and is gone from it before anything is shown. */
import { api } from './api.ts';

const code = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
if (code !== undefined) history.replaceState(null, '', location.pathname + location.search);

/** Why the link did not sign in; undefined where it did, or where there was none. */
export const refused: Promise<string | undefined> = code === undefined ? Promise.resolve(undefined) : api.signIn(code).then(() => undefined, reason);

/** Not before the link signed in: until then a session of somebody else's may be here. */
function afterwards<T>(ask: () => Promise<T>): Promise<T> {
  const answer = refused.then(ask);
  answer.catch(() => undefined); // whoever reads it is told
  return answer;
}

export const first = { me: afterwards(api.me), place: afterwards(api.place), waiting: afterwards(api.waiting), people: afterwards(api.people) };

function reason(error: unknown): string {
  return error instanceof Error ? error.message : 'The link could not be used.';
}
