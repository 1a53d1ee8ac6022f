/** Constitutions of any size: each tool has the base's kinds of rules and ten of its own, as an organization that grows would have. And the same rules for the peer. */
import { ConflictResolutionStrategy, PolicyEngine } from '@microsoft/agent-governance-sdk';
import { routineBase } from '../../src/gate/case-runs.ts';
import { compile, type Bundle, type Constitution } from '../../src/gate/constitution.ts';
import type { Call } from '../../src/gate/decide.ts';
import { defineFacts } from '../../src/kernel/facts.ts';
import { AgentName, ToolName } from '../../src/kernel/ids.ts';
import type { ToolEntry } from '../../src/kernel/tool-entry.ts';
import { baseBundle } from '../fixtures/constitution.ts';

export const SIZES = [12, 100, 1_000, 10_000] as const;
const OF_A_TOOL = 10;
const EVERYWHERE = 2; // the permit, and the halt

const SHEET = defineFacts('order', 'Orders', { amount_minor: 'long', spent_minor: 'long', stopped: 'bool', kind: 'text' }, ['spent_minor']);
/** `a`, `b`, … `ba`: a tool's name has no digits. */
const letters = (n: number): string => (n < 26 ? '' : letters(Math.floor(n / 26))) + String.fromCharCode(97 + (n % 26));
const toolName = (n: number): ToolName => ToolName.parse(`finance.order_${letters(n)}`);

/** Ten rules about one tool: limits, what is stopped, and what people must say yes to. */
const rulesOf = (n: number, many: number): string[] =>
  Array.from({ length: many }, (_none, k) => {
    const head = `@id("t${n}.${k}") @article("T${n}") @title("Rule ${k} of kind ${n}") @source("bench")`;
    const scope = `forbid (principal, action == Action::"${toolName(n)}", resource)`;
    if (k === 0) return `${head}\n${scope} when { context.order.stopped };`;
    if (k === 1) return `${head}\n${scope} when { context.order.amount_minor <= 0 || context.order.amount_minor > 25000000 };`;
    if (k === 2)
      return `${head} @escalate("role:finance") @quorum("1") @within("P1D")\n${scope} when { context.order.spent_minor + context.order.amount_minor > context.base.limit_day_minor } unless { context.base.approvals.finance >= 1 };`;
    return `${head}\n${scope} when { context.base.untrusted.contains("amount") && context.order.amount_minor > ${1_000_000 + k} && context.order.kind == "kind-${k}" };`;
  });

export function sized(articles: number): Bundle {
  const tools = Math.ceil((articles - EVERYWHERE) / OF_A_TOOL);
  const rules = Array.from({ length: tools }, (_none, n) => rulesOf(n, Math.min(OF_A_TOOL, articles - EVERYWHERE - n * OF_A_TOOL)));
  const entry = (n: number): ToolEntry => ({ name: toolName(n), effect: 'write', facts: SHEET, resourceType: 'Order', domain: 'finance' });
  return {
    schema: baseBundle().schema,
    articles: { 'everywhere.cedar': EVERYWHERE_TEXT, 'tools.cedar': rules.flat().join('\n') },
    tools: Array.from({ length: tools }, (_none, n) => entry(n)),
    agents: [],
  };
}

const EVERYWHERE_TEXT = `@id("grant") @article("G1") @title("Agents act") @source("bench")
permit (principal is Agent, action in Action::"Act", resource) when { context.base.tool_granted };
@id("halt") @article("C3") @title("A halt stops everything") @source("bench")
forbid (principal, action in Action::"Tool", resource) when { context.base.halted };`;

export const sizedConstitution = (articles: number): Constitution => compile(sized(articles));

/** Calls of the first tool: four that are permitted, one that is denied, one that asks. */
export const CALLS: readonly { readonly call: Call; readonly amount: number; readonly verdict: 'permit' | 'deny' | 'escalate' }[] = (
  [
    [50_000, {}, 'permit'],
    [100_000, {}, 'permit'],
    [150_000, { untrusted: ['amount'] }, 'permit'],
    [60_000, {}, 'permit'],
    [30_000_000, { limit_day_minor: 90_000_000 }, 'deny'],
    [1_100_000, {}, 'escalate'],
  ] as const
).map(([amount_minor, base, verdict]) => ({
  verdict,
  amount: amount_minor,
  call: {
    agent: AgentName.parse('clerk'),
    onBehalfOf: null,
    tool: toolName(0),
    resource: 'x',
    currency: 'EUR',
    facts: { facts: 'order', base: { ...routineBase, ...base }, order: { amount_minor, spent_minor: 0, stopped: false, kind: 'usual' } },
  },
}));

/**
 * The peer with as many rules of the same shape. It has no sums, no hierarchy and no approvals: what ours computes, it is given as facts.
 * `deny_overrides`, as in ours.
 */
export function peer(articles: number): (n: number) => boolean {
  const engine = new PolicyEngine([], ConflictResolutionStrategy.DenyOverrides);
  const tools = Math.ceil((articles - EVERYWHERE) / OF_A_TOOL);
  const conditions = Array.from({ length: tools }, (_none, n) =>
    Array.from({ length: Math.min(OF_A_TOOL, articles - EVERYWHERE - n * OF_A_TOOL) }, (_other, k) => {
      const of = `action == '${toolName(n)}' and `;
      if (k === 0) return `${of}stopped`;
      if (k === 1) return `${of}amount > 25000000`;
      if (k === 2) return `${of}over_day and finance < 1`;
      return `${of}untrusted_amount and amount > ${1_000_000 + k} and kind == 'kind-${k}'`;
    }),
  ).flat();
  const rules = [...conditions, 'halted'].map((condition, n) => ({ name: `r${n}`, condition, ruleAction: 'deny' as const, priority: 1, enabled: true }));
  engine.loadPolicy({
    name: 'bench',
    version: '1',
    apiVersion: 'governance.toolkit/v1',
    scope: 'global',
    default_action: 'deny',
    agent: '*',
    agents: ['*'],
    rules: [...rules, { name: 'grant', condition: 'tool_granted', ruleAction: 'allow', priority: 1, enabled: true }],
  });
  const contexts = CALLS.map(({ call, verdict, amount }) => ({
    action: call.tool,
    amount,
    stopped: false,
    over_day: verdict === 'escalate',
    finance: 0,
    untrusted_amount: false,
    kind: 'usual',
    halted: false,
    tool_granted: true,
  }));
  return (n) => {
    const context = contexts[n % contexts.length];
    if (!context) throw new Error('no context');
    return engine.evaluatePolicy('did:bench:clerk', context).allowed;
  };
}
