/**
 * Reads of public data while the gate does not answer, as the organization declares them by name. Each is kept in a folder before it is made, told to
 * the program around, and sent in when the gate answers again. What is not declared, or cannot be kept, is not read.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Where a client keeps what it read without the gate, and how it says so. */
export interface FailOpen {
  readonly folder: string; // of this client's own; it survives a restart
  /** Called before each such read: a program shows it where people look. */
  shown(call: UnjudgedRead): void;
}

/** A read that nobody judged. */
export interface UnjudgedRead {
  readonly key: string;
  readonly tool: string;
  readonly args: Record<string, unknown>;
  readonly at: string; // of this machine's clock, RFC 3339
}

const MOST_KEPT = 1_000; // reads that wait to be sent in; beyond it nothing is read
const DECLARED_FOR_MS = 24 * 3_600_000; // so old may the organization's word be when the gate is away

export const Declared = z.object({ organization: z.string(), failOpen: z.array(z.string()) });
const Kept = z.object({ failOpen: z.array(z.string()), heard: z.number() });
const Unjudged = z.object({ key: z.string(), tool: z.string(), args: z.record(z.string(), z.unknown()), at: z.string() });

/** What lies in the folder: the organization's word, and the reads that wait. */
export interface Held {
  /** Keeps what the organization declares now. */
  hear(declared: z.infer<typeof Declared>): void;
  /** When it was last heard, in milliseconds since 1970; 0: never. */
  heard(): number;
  /** Whether it may be read now: declared lately, and there is room to keep it. */
  may(tool: string): boolean;
  keep(call: UnjudgedRead): void;
  waiting(): readonly UnjudgedRead[];
  sent(call: UnjudgedRead): void;
}

export function held({ folder }: Pick<FailOpen, 'folder'>): Held {
  const [calls, terms] = [join(folder, 'unjudged'), join(folder, 'declared.json')];
  mkdirSync(calls, { recursive: true, mode: 0o700 });
  const read = (): z.infer<typeof Kept> | undefined => (existsSync(terms) ? Kept.safeParse(jsonIn(terms)).data : undefined);
  const names = (): readonly string[] => readdirSync(calls).filter((name) => name.endsWith('.json'));
  const fileOf = ({ key, tool, at }: UnjudgedRead): string =>
    join(
      calls,
      `${createHash('sha256')
        .update(JSON.stringify([key, tool, at]))
        .digest('hex')}.json`,
    );
  return {
    hear: ({ failOpen }) => writeWhole(terms, { failOpen, heard: Date.now() } satisfies z.infer<typeof Kept>),
    heard: () => read()?.heard ?? 0,
    may(tool) {
      const word = read();
      return word !== undefined && Date.now() - word.heard < DECLARED_FOR_MS && word.failOpen.includes(tool) && names().length < MOST_KEPT;
    },
    keep: (call) => writeWhole(fileOf(call), call),
    waiting: () => names().flatMap((name) => Unjudged.safeParse(jsonIn(join(calls, name))).data ?? []),
    sent: (call) => rmSync(fileOf(call), { force: true }),
  };
}

/** @returns undefined for what is not whole: it was never put in its place by `writeWhole` */
function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError || !existsSync(file)) return undefined; // another process sent it in meanwhile
    throw error;
  }
}

/** On the disk whole, or not at all. */
function writeWhole(file: string, value: unknown): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, JSON.stringify(value), { mode: 0o600 });
  const handle = openSync(partial, 'r');
  fsyncSync(handle);
  closeSync(handle);
  renameSync(partial, file);
}
