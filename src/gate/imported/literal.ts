/** A Python literal, as many tools print their results: `{'a': 1.0, 'b': ['x', None]}`. Nothing is run. */

/** The value, or undefined where the text is no such literal as a whole. A line break within quotes is none of Python's: somebody put it there. */
export function pythonLiteral(text: string): { readonly value: unknown } | undefined {
  const reader = new Reader(text);
  try {
    const value = reader.value(0);
    return reader.ended() ? { value } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const DEEPEST = 30;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };
const WORDS: Readonly<Record<string, unknown>> = { True: true, False: false, None: null };

class Reader {
  #at = 0;
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  ended(): boolean {
    this.#blank();
    return this.#at === this.#text.length;
  }

  value(depth: number): unknown {
    if (depth > DEEPEST) throw new SyntaxError('too deep');
    this.#blank();
    const sign = this.#text[this.#at];
    if (sign === '{') return this.#map(depth);
    if (sign === '[' || sign === '(') return this.#list(sign === '[' ? ']' : ')', depth);
    if (sign === "'" || sign === '"') return this.#string(sign);
    return this.#word();
  }

  #map(depth: number): unknown {
    const entries: [string, unknown][] = [];
    for (this.#take('{'); !this.#skips('}'); this.#skips(',')) {
      const key = this.value(depth + 1);
      this.#blank();
      this.#take(':');
      entries.push([String(key), this.value(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  #list(close: string, depth: number): unknown {
    const items: unknown[] = [];
    for (this.#at++; !this.#skips(close); this.#skips(',')) items.push(this.value(depth + 1));
    return items;
  }

  #string(quote: string): string {
    let out = '';
    for (this.#at++; this.#text[this.#at] !== quote; this.#at++) {
      const char = this.#text[this.#at];
      if (char === undefined || char === '\n') throw new SyntaxError('an open quote');
      if (char === '\\') {
        this.#at++;
        out += ESCAPES[this.#text[this.#at] ?? ''] ?? `\\${this.#text[this.#at] ?? ''}`;
      } else out += char;
    }
    this.#at++;
    return out;
  }

  #word(): unknown {
    const [word] = /^[\w.+-]+(\([^()]*\))?/.exec(this.#text.slice(this.#at)) ?? [];
    if (word === undefined) throw new SyntaxError('no value');
    this.#at += word.length;
    if (word in WORDS) return WORDS[word];
    return /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(word) ? Number(word) : word;
  }

  #take(sign: string): void {
    if (this.#text[this.#at] !== sign) throw new SyntaxError(`no ${sign}`);
    this.#at++;
  }

  #skips(sign: string): boolean {
    this.#blank();
    if (this.#at >= this.#text.length) throw new SyntaxError('it ends too soon');
    if (this.#text[this.#at] !== sign) return false;
    this.#at++;
    this.#blank();
    return true;
  }

  #blank(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
  }
}
