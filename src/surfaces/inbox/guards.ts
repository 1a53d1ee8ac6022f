/** What stands between other pages and the inbox: names, origins, and what a page of ours may load. */
import { createMiddleware } from 'hono/factory';
import { problem } from '../api/problems.ts';

const OUR_NAMES = new Set(['localhost', '127.0.0.1']); // a foreign name that resolves to this machine is not ours

/** `http://localhost:8321` where the request was sent to a name of ours, else undefined. */
function ownOrigin(host: string | undefined): string | undefined {
  const url = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : undefined;
  return url && OUR_NAMES.has(url.hostname) ? url.origin : undefined;
}

const FOR_PROGRAMS = '/api/links'; // which a token opens, and no cookie

/** Whatever changes something comes from a page of ours. Programs (no origin) bring a bearer token, which no page can be made to send. */
export const fromHere = createMiddleware(async (c, next) => {
  const [own, origin] = [ownOrigin(c.req.header('host')), c.req.header('origin')];
  if (own === undefined) return c.json(problem('host_unknown', `This is not served as \`${c.req.header('host') ?? ''}\`. Open http://localhost.`, 3), 403);
  const reads = c.req.method === 'GET' || c.req.method === 'HEAD';
  const program = c.req.path === FOR_PROGRAMS && origin === undefined && c.req.header('authorization') !== undefined;
  if (!reads && !program && origin !== own)
    return c.json(problem('origin_foreign', `A page of \`${origin ?? 'nowhere'}\` may not do this. Open the inbox itself.`, 3), 403);
  return next();
});

/**
 * Nothing is loaded from elsewhere, no script stands in a page, no page frames ours.
 * @param nonce of the style sheets that the page makes for itself (Mantine's colours)
 */
export const policy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "connect-src 'self'",
    "img-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');

export const hardened = createMiddleware(async (c, next) => {
  await next();
  c.header('X-Content-Type-Options', 'nosniff');
  c.header('Referrer-Policy', 'no-referrer');
  c.header('Cross-Origin-Opener-Policy', 'same-origin');
  c.header('Cross-Origin-Resource-Policy', 'same-origin');
  if (!c.res.headers.has('Content-Security-Policy')) c.header('Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'");
  if (!c.res.headers.has('Cache-Control')) c.header('Cache-Control', 'no-store');
});
