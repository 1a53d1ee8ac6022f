/** The built pages: one HTML for every view, and its files under names that hold their digest. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { compress } from 'hono/compress';
import { policy } from './guards.ts';

const BUILT = fileURLToPath(new URL('../../../.cache/inbox/', import.meta.url)); // as `npm run build:inbox` leaves it
const VIEWS = ['/', '/decided', '/amendments', '/amendments/:id', '/tasks/:id', '/pictures', '/pictures/:name'];
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };

export function pages(): Hono {
  const app = new Hono();
  app.use('/assets/*', compress());
  app.get('/assets/:file{[A-Za-z0-9_-]+\\.(?:js|css|svg)}', async (c) => {
    const file = c.req.param('file');
    const body = await found(join(BUILT, 'assets', file));
    if (!body) return c.notFound();
    return c.body(new Uint8Array(body), 200, { 'Content-Type': TYPES[extname(file)] ?? '', 'Cache-Control': 'public, max-age=31536000, immutable' });
  });
  app.on('GET', VIEWS, async (c) => {
    const html = (await found(join(BUILT, 'index.html')))?.toString('utf8');
    if (html === undefined) return c.text('The inbox is not built here yet. Run `npm run build:inbox`, then load this page again.', 503);
    const nonce = randomBytes(16).toString('base64');
    return c.html(html.replace('NONCE', nonce), 200, { 'Content-Security-Policy': policy(nonce) });
  });
  return app;
}

async function found(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
