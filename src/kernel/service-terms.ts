/** What an organization lets runtimes that are not ours do at its door: how often they call, and what goes on where the gate does not answer. */
import { z } from 'zod';
import { TIERS, type Tier } from './delegation.ts';
import { ToolName } from './ids.ts';

const MOST_CALLS = 100_000; // a minute: more than one installation judges

const Rate = z.int().min(0).max(MOST_CALLS);

/** Calls in a minute; those that the gate denied do not count. */
const Rates = z.strictObject({
  person: Rate.default(120), // for one person, over all agents
  tool: Rate.default(300), // of each tool that is not named below
  tools: z.record(ToolName, Rate).default({}),
  tiers: z
    .strictObject({
      interactive: Rate.default(300),
      delegated: Rate.default(600),
      service: Rate.default(600),
      background: Rate.default(300),
    } satisfies Record<Tier, z.ZodType>)
    .prefault({}), // of the whole organization: what nobody waits for leaves room for what somebody does
});

const Origin = z
  .string()
  .max(200)
  .regex(/^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/, 'is no address to send word to; write one such as "https://hooks.example.com", without a path');

export const ServiceTerms = z.strictObject({
  calls_per_minute: Rates.prefault({}),
  fail_open: z.array(ToolName).max(50).default([]), // reads of public data that a client may make while the gate does not answer
  webhooks: z.array(Origin).max(20).default([]), // where word of actions may be sent
});
export type ServiceTerms = z.infer<typeof ServiceTerms>;

/** What holds where nobody said anything. */
export const USUAL_SERVICE: ServiceTerms = ServiceTerms.parse({});

/** Of two rates the lower, and only what may be done and written to in both. Where neither says anything, nothing is said. */
export function narrowerService(one: ServiceTerms | undefined, other: ServiceTerms | undefined): ServiceTerms | undefined {
  if (!one && !other) return undefined;
  const [x, y] = [one ?? USUAL_SERVICE, other ?? USUAL_SERVICE];
  const [a, b] = [x.calls_per_minute, y.calls_per_minute];
  const named = ToolName.array().parse([...new Set([...Object.keys(a.tools), ...Object.keys(b.tools)])].sort());
  return {
    calls_per_minute: {
      person: Math.min(a.person, b.person),
      tool: Math.min(a.tool, b.tool),
      tools: Object.fromEntries(named.map((tool) => [tool, Math.min(a.tools[tool] ?? a.tool, b.tools[tool] ?? b.tool)])),
      tiers: {
        interactive: Math.min(a.tiers.interactive, b.tiers.interactive),
        delegated: Math.min(a.tiers.delegated, b.tiers.delegated),
        service: Math.min(a.tiers.service, b.tiers.service),
        background: Math.min(a.tiers.background, b.tiers.background),
      },
    },
    fail_open: x.fail_open.filter((tool) => y.fail_open.includes(tool)),
    webhooks: x.webhooks.filter((origin) => y.webhooks.includes(origin)),
  };
}

/** A difference, by name. `undefined` on a side: it was not said there. */
export interface ServiceDifference {
  readonly name: string;
  readonly how: 'added' | 'removed' | 'changed';
  readonly words: string;
}

/** In words, each figure and name by itself. */
export function serviceDifferences(before: ServiceTerms | undefined, after: ServiceTerms | undefined): readonly ServiceDifference[] {
  const [x, y] = [before ?? USUAL_SERVICE, after ?? USUAL_SERVICE];
  const [a, b] = [x.calls_per_minute, y.calls_per_minute];
  const rate = (name: string, label: string, old: number, now: number): ServiceDifference[] =>
    old === now ? [] : [{ name: `calls/${name}`, how: 'changed', words: `other runtimes call ${label} ${old} -> ${now} times a minute at most` }];
  const named = ToolName.array().parse([...new Set([...Object.keys(a.tools), ...Object.keys(b.tools)])].sort());
  const listed = (old: readonly string[], now: readonly string[], name: string, gains: string, loses: string): ServiceDifference[] => [
    ...now.filter((one) => !old.includes(one)).map((one) => ({ name: `${name}/${one}`, how: 'added' as const, words: `\`${one}\` ${gains}` })),
    ...old.filter((one) => !now.includes(one)).map((one) => ({ name: `${name}/${one}`, how: 'removed' as const, words: `\`${one}\` ${loses}` })),
  ];
  return [
    ...rate('person', 'for one person', a.person, b.person),
    ...rate('tool', 'any one tool', a.tool, b.tool),
    ...named.flatMap((tool) => rate(tool, `\`${tool}\``, a.tools[tool] ?? a.tool, b.tools[tool] ?? b.tool)),
    ...TIERS.flatMap((tier) => rate(tier, `in tier \`${tier}\``, a.tiers[tier], b.tiers[tier])),
    ...listed(x.fail_open, y.fail_open, 'fail_open', 'is read by clients also while the gate does not answer', 'is read with the gate’s word alone'),
    ...listed(x.webhooks, y.webhooks, 'webhook', 'may be sent word of actions', 'is sent no word any more'),
  ];
}

/** A call beyond what the organization lets in of its kind in a minute. It was not judged. */
export class RateError extends Error {
  override readonly name = 'RateError';
  readonly code = 'rate_limited';
  constructor(
    message: string,
    readonly retryAfterS: number, // 1 to 60
  ) {
    super(message);
  }
}
