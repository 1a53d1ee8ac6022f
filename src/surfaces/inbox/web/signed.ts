/**
 * The secret that makes a cookie a session. It lies where pages of this origin alone read it, ports included; every page keeps the one it began
 * with, so that none becomes somebody else's while it is open.
 */
const KEPT = 'charter_page';

interface Signed {
  readonly person: string;
  readonly page: string;
}

const read = (kept: string | null): Signed | undefined => {
  const [person = '', page = ''] = kept?.split(' ') ?? [];
  return page === '' ? undefined : { person, page };
};

let signed = read(localStorage.getItem(KEPT));

export const pageHeader = (): Readonly<Record<string, string>> => (signed ? { 'x-charter-page': signed.page } : {});

/** Of whoever signed in; undefined: nobody is signed in any more. */
export function keepSigned(next: Signed | undefined): void {
  signed = next;
  if (next) localStorage.setItem(KEPT, `${next.person} ${next.page}`);
  else localStorage.removeItem(KEPT);
}

addEventListener('storage', ({ key, newValue }) => {
  if (key !== KEPT) return;
  const next = read(newValue);
  if (next && next.person === signed?.person)
    signed = next; // the same person, by a newer link
  else location.reload();
});
