/** A body that is JSON, and no deeper than anybody writes: what reads it afterwards goes down as deep as it is. */
import type { Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { problem } from './problems.ts';

export const DEEPEST = 32; // lists and objects within each other; arguments have five at most

/** How deep its lists and objects lie within each other. One pass, without recursion; what stands in strings does not count. */
export function depthOf(json: string): number {
  let [depth, deepest] = [0, 0];
  for (let at = 0; at < json.length; at++) {
    const one = json[at];
    if (one === '"') at = endOfString(json, at);
    else if (one === '[' || one === '{') deepest = Math.max(deepest, ++depth);
    else if (one === ']' || one === '}') depth--;
  }
  return deepest;
}

function endOfString(json: string, from: number): number {
  for (let end = json.indexOf('"', from + 1); end >= 0; end = json.indexOf('"', end + 1)) {
    let escapes = 0;
    while (json[end - 1 - escapes] === '\\') escapes++;
    if (escapes % 2 === 0) return end;
  }
  return json.length;
}

const isJson = (type: string): boolean => /^application\/json\s*(;|$)/i.test(type);

/** What is wrong with a body, answered; undefined where it is JSON, or where there is none. */
export async function badBody(c: Context): Promise<Response | undefined> {
  const [type, text] = [c.req.header('content-type'), await c.req.text()];
  if (type !== undefined && !isJson(type))
    return c.json(problem('content_type_unknown', `\`${type}\` is not read here. Send JSON, as \`content-type: application/json\`.`, 2), 415);
  if (text !== '' && !parses(text)) return c.json(problem('json_malformed', 'This is not JSON; nothing was done.', 2), 400);
  if (depthOf(text) > DEEPEST)
    return c.json(problem('json_too_deep', `Lists and objects lie more than ${DEEPEST} deep within each other. Send it flatter; nothing was done.`, 2), 400);
  return undefined;
}

/** Of every POST: who comes after it reads JSON, or nothing. */
export const jsonBody = createMiddleware(async (c, next) => (c.req.method === 'POST' ? await badBody(c) : undefined) ?? next());

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
