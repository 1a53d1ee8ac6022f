/** What the first view stands on. A link in the address signs in, once, and is gone from it before anything is shown. */
import { api, Refused } from './api.ts';

const SOMEBODY_ELSE = 409; // is signed in
const code = /^#token=([\w-]+)$/.exec(location.hash)?.[1];
if (code !== undefined) history.replaceState(null, '', location.pathname + location.search);

/** What became of the link in the address, where there was one. */
export type Arrival =
  | { readonly kind: 'in' } // signed in, or no link: whoever is here stays
  | { readonly kind: 'refused'; readonly why: string }
  | { readonly kind: 'other'; readonly why: string; readonly instead: () => Promise<void> }; // somebody else is signed in: it is asked first

export const arrival: Promise<Arrival> = code === undefined ? Promise.resolve({ kind: 'in' }) : signIn(code);

async function signIn(by: string): Promise<Arrival> {
  try {
    await api.signIn(by, false);
    return { kind: 'in' };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'The link could not be used.';
    return error instanceof Refused && error.status === SOMEBODY_ELSE ? { kind: 'other', why, instead: () => api.signIn(by, true) } : { kind: 'refused', why };
  }
}

/** Not before the link signed in: until then a session of somebody else's may be here. */
function afterwards<T>(ask: () => Promise<T>): Promise<T> {
  const answer = arrival.then(ask);
  answer.catch(() => undefined); // whoever reads it is told
  return answer;
}

export const first = {
  me: afterwards(api.me),
  place: afterwards(api.place),
  waiting: afterwards(() => api.waiting('')),
  people: afterwards(api.people),
  consents: afterwards(api.consents),
  duties: afterwards(api.duties),
};
