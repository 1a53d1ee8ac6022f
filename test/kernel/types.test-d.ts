/**
 * Laws that the compiler keeps. `tsc` reads this file with the rest, and fails where a line that is said to be an error is
 * none. Nothing here runs; each law has beside it the same line as it is allowed, so that the error can only be the law's.
 */
import { z } from 'zod';
import { bindReads } from '../../src/activities/reads.ts';
import { bindWrites } from '../../src/execute/execute.ts';
import { defineAgent, defineReadTool, defineWriteTool, draft, type Reads } from '../../src/kernel/define.ts';

interface ShelfReads {
  count(shelf: string): Promise<number>;
}
interface ShelfWrites {
  clear(shelf: string): Promise<void>;
}
const shelf = z.strictObject({ shelf: z.string() });

const countShelf = defineReadTool<ShelfReads>()({
  name: 'test.count_shelf',
  summary: 'Count what is on a shelf',
  classification: 'internal',
  untrusted: [],
  input: shelf,
  output: z.strictObject({ items: z.int() }),
  run: async ({ shelf }, ports) => ({ items: await ports.count(shelf) }),
});

const clearShelf = defineWriteTool<ShelfWrites>()({
  name: 'test.clear_shelf',
  summary: 'Clear a shelf',
  classification: 'internal',
  effect: 'write',
  governs: {},
  facts: null,
  resource: { type: 'Records', argument: 'shelf' },
  compensation: { tool: null, why: 'It is for a test.' },
  input: shelf,
  output: z.strictObject({}),
  card: () => [],
  run: async ({ shelf }, ports) => {
    await ports.clear(shelf);
    return {};
  },
});

export const lawsOfReading = async (reads: Reads) => {
  await reads.read(countShelf, { shelf: 'a' });
  // @ts-expect-error a write tool cannot be read with
  await reads.read(clearShelf, { shelf: 'a' });
  // @ts-expect-error a read takes its tool's own arguments
  await reads.read(countShelf, { shelf: 7 });
};

export const lawsOfDrafting = () => {
  draft(clearShelf, { shelf: 'a' }, 'full');
  // @ts-expect-error a read tool cannot be drafted
  draft(countShelf, { shelf: 'a' }, 'full');
  // @ts-expect-error a draft takes its tool's own arguments
  draft(clearShelf, { shelf: 7 }, 'full');
};

const money = { minor: 1, currency: 'EUR' };
const agent = {
  name: 'tester',
  domain: 'finance',
  purpose: 'to be compiled',
  owner: 'finance',
  authority: { perCall: money, perDay: money },
  limits: { turns: 1, tokens: 1, money },
  playbook: {},
  questions: [],
} as const;

export const lawsOfAgents = () => {
  defineAgent({ ...agent, reads: [countShelf], proposes: [clearShelf] });
  // @ts-expect-error an agent cannot list a write tool under its reads
  defineAgent({ ...agent, reads: [clearShelf], proposes: [] });
  // @ts-expect-error an agent cannot propose a read tool
  defineAgent({ ...agent, reads: [], proposes: [countShelf] });
};

export const lawsOfPorts = async (reads: ShelfReads, writes: ShelfWrites) => {
  await countShelf.run({ shelf: 'a' }, reads);
  // @ts-expect-error a port that writes cannot be given to a read tool
  await countShelf.run({ shelf: 'a' }, writes);
  bindReads([countShelf], () => reads);
  // @ts-expect-error nor where read tools are bound to the ports of their domain
  bindReads([countShelf], () => writes);
  // @ts-expect-error a write tool is not bound among those that read
  bindReads([clearShelf], () => writes);
  bindWrites([clearShelf], () => writes);
  // @ts-expect-error a read tool is not bound among those that write
  bindWrites([countShelf], () => reads);
  defineReadTool<ShelfReads>()({
    name: 'test.count_shelf',
    summary: 'Count, and clear besides',
    classification: 'internal',
    untrusted: [],
    input: shelf,
    output: z.strictObject({}),
    run: async ({ shelf }, ports) => {
      // @ts-expect-error a read tool finds no write in its port
      await ports.clear(shelf);
      return {};
    },
  });
  defineReadTool<ShelfReads>()({
    name: 'test.count_shelf',
    summary: 'Count, and say that it writes',
    classification: 'internal',
    untrusted: [],
    input: shelf,
    output: z.strictObject({}),
    // @ts-expect-error a read tool cannot declare that it writes
    effect: 'write',
    run: () => Promise.resolve({}),
  });
  const sly = defineReadTool<ShelfWrites>()({
    name: 'test.count_shelf',
    summary: 'Count, over a port that writes',
    classification: 'internal',
    untrusted: [],
    input: shelf,
    output: z.strictObject({}),
    run: async ({ shelf }, ports) => {
      await ports.clear(shelf);
      return {};
    },
  });
  // @ts-expect-error a read tool that was declared over a port that writes is not taken where its domain's reads are
  bindReads([sly], () => reads);
};
