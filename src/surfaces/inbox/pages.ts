/** The built pages: one HTML for every view, and its files under names that hold their digest. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { policy } from './guards.ts';

const BUILT = fileURLToPath(new URL('../../../.cache/inbox/', import.meta.url)); // as `npm run build:inbox` leaves it
const VIEWS = ['/', '/decided', '/amendments', '/amendments/:id', '/tasks/:id', '/pictures', '/pictures/:name', '/rules'];

export function pages(): Hono {
  const app = new Hono();
  app.use('/assets/*', async (c, next) => {
    await next();
    if (c.res.ok) c.header('Cache-Control', 'public, max-age=31536000, immutable');
  });
  app.use('/assets/*', serveStatic({ root: BUILT, precompressed: true }));
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
