/** What a draft's texts may look like before an engine is let near them: small, shallow, UTF-8. Deep ones kill an engine. */

export const LARGEST_FILE = 262_144; // bytes; the largest base file of articles has 8 kB
const DEEPEST = 40; // brackets in brackets; the base has at most 5
const LONGEST = 300; // operators of one article; the engine ends on a chain of 500

/** The text of a file, or why it is not read: never half of it. */
export function readText(file: string, bytes: Uint8Array): { readonly text: string } | { readonly problem: string } {
  if (bytes.length > LARGEST_FILE)
    return { problem: `${file}:1: has ${bytes.length} bytes; a file of articles has at most ${LARGEST_FILE}. Part it into several.` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: `${file}:${lineOfBadByte(bytes)}: is not UTF-8; save it as UTF-8.` };
  }
}

function lineOfBadByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let from = 0; from < bytes.length; line++) {
    const end = bytes.indexOf(10, from);
    try {
      decoder.decode(bytes.subarray(from, end < 0 ? bytes.length : end));
    } catch {
      return line;
    }
    if (end < 0) return line;
    from = end + 1;
  }
  return line;
}

/** Comments and texts in quotes, then what nests, what chains, what ends an article, and lines. */
const TOKEN = /\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|[([{]|[)\]}]|&&|\|\||[!<>=]=|[!<>+*-]|\bif\b|[.]|;|\n/g;

/** The first thing in a text that nests too deep or runs on too long, with its place; or nothing. */
export function tooDeep(file: string, text: string): string | undefined {
  let [depth, operators, line] = [0, 0, 1];
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '\n') line++;
    else if (token === ';') [depth, operators] = [0, 0];
    else if (token.startsWith('//') || token.startsWith('"')) continue;
    else if ('([{'.includes(token)) depth++;
    else if (')]}'.includes(token)) depth--;
    else operators++;
    if (depth > DEEPEST) return `${file}:${line}: nests more than ${DEEPEST} brackets deep; say it in several articles.`;
    if (operators > LONGEST) return `${file}:${line}: one article has more than ${LONGEST} operators; say it in several articles.`;
  }
  return undefined;
}
