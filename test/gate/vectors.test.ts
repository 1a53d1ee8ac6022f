/** Cedar's own vectors on the engine as the gate loads it, and rules that others published, written as articles of ours. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { cedar, compile } from '../../src/gate/constitution.ts';
import { decide } from '../../src/gate/decide.ts';
import { routineBase } from '../../src/gate/case-runs.ts';
import { defineFacts } from '../../src/kernel/facts.ts';
import { AgentName, ToolName } from '../../src/kernel/ids.ts';
import { baseBundle } from '../fixtures/constitution.ts';
import { DATA, dataThere } from '../fixtures/schemas.ts';

const read = (name: string): unknown => JSON.parse(readFileSync(join(DATA, 'policy', name), 'utf8'));

type Asked = Parameters<ReturnType<typeof cedar>['isAuthorized']>[0];
/** As Cedar's JSON has it: the engine itself reads it, and fails where it is not. */
const its = <T>() => z.custom<T>((value) => typeof value === 'object' && value !== null);
const Uid = z.union([z.strictObject({ type: z.string(), id: z.string() }), z.string().transform(uidOf)]);
const Link = z.strictObject({ template_id: z.string(), link_id: z.string(), args: z.record(z.string(), z.string()) });
const Vector = z.looseObject({
  id: z.string(),
  policies: z.string(),
  schema: z.string(),
  entities: its<Asked['entities']>(),
  linked: z
    .string()
    .nullish()
    .transform((text) => z.array(Link).parse(JSON.parse(text ?? '[]'))),
  requests: z
    .array(z.looseObject({ principal: Uid, action: Uid, resource: Uid, context: its<Asked['context']>(), decision: z.enum(['allow', 'deny']) }))
    .min(1),
});

/** Policies, templates under their `@id`, and what was made of these. */
function policiesOf({ policies, linked }: z.infer<typeof Vector>): Asked['policies'] {
  if (linked.length === 0) return { staticPolicies: policies };
  const parts = cedar().policySetTextToParts(policies);
  if (parts.type === 'failure') throw new Error(parts.errors.map(({ message }) => message).join('; '));
  const idOf = (text: string) => /@id\("([^"]+)"\)/.exec(text)?.[1] ?? '';
  return {
    staticPolicies: parts.policies.join('\n'),
    templates: Object.fromEntries(parts.policy_templates.map((text) => [idOf(text), text])),
    templateLinks: linked.map(({ template_id, link_id, args }) => ({
      templateId: template_id,
      newId: link_id,
      values: Object.fromEntries(Object.entries(args).map(([slot, uid]) => [slot, uidOf(uid)])),
    })),
  };
}

/** `User::"alice"` */
function uidOf(text: string): { type: string; id: string } {
  const [, type = '', id = ''] = /^(.*)::"(.*)"$/s.exec(text) ?? [];
  return { type, id };
}

describe.skipIf(!dataThere)('Cedar’s own vectors', () => {
  const vectors = dataThere ? ['cedar_integration_tests.json', 'cedar_use_cases.json'].flatMap((name) => z.array(Vector).parse(read(name))) : [];
  const requests = vectors.flatMap((vector) => vector.requests.map((request, n) => ({ name: `${vector.id} ${n}`, vector, request })));

  test('are all there', () => expect(requests).toHaveLength(74 + 46));

  test.each(requests)('$name', ({ vector, request }) => {
    const { principal, action, resource, context, decision } = request;
    const call = { principal, action, resource, context, entities: vector.entities, policies: policiesOf(vector), validateRequest: false };
    const strict = cedar().isAuthorized({ ...call, schema: vector.schema });
    const answer = strict.type === 'success' ? strict : cedar().isAuthorized(call); // some examples do not fit their own schema
    expect(answer).toMatchObject({ type: 'success', response: { decision } });
  });
});

describe.skipIf(!dataThere)('a published rule of refunds, as an article of ours', () => {
  const Refunds = z.looseObject({
    requests: z.array(
      z.looseObject({
        principal: z.looseObject({ username: z.string().optional() }),
        tool: z.string(),
        input: z.record(z.string(), z.json()),
        decision: z.enum(['allow', 'deny']),
      }),
    ),
  });
  const sheet = defineFacts('refund', 'Refunds', { amount_minor: 'long', user: 'text' });
  const refund = ToolName.parse('finance.process_refund');
  const constitution = compile({
    schema: baseBundle().schema,
    articles: {
      'refunds.cedar': `@id("refund.john") @article("R1") @title("John processes refunds below 500.00") @source("published rule")
permit (principal is Agent, action in Action::"Refunds", resource) when { context.refund.user == "John" && context.refund.amount_minor < 50000 };`,
    },
    tools: [{ name: refund, effect: 'write', facts: sheet, resourceType: 'Records', domain: 'finance' }],
    agents: [],
  });

  const requests = dataThere ? Refunds.parse(read('agentcore_refund_vectors.json')).requests : [];
  test('all eight are there', () => expect(requests).toHaveLength(8));
  test.each(requests.map((request, n) => ({ n, ...request })))('request $n: $decision', ({ principal, tool, input, decision }) => {
    const amount = input['amount'];
    const facts = { user: principal.username, amount_minor: typeof amount === 'number' ? Math.round(amount * 100) : amount }; // what is absent or no number stays so
    const judged = decide(constitution, {
      agent: AgentName.parse('agent'),
      onBehalfOf: null,
      tool: tool.endsWith('process_refund') ? refund : ToolName.parse('finance.delete_order'),
      resource: 'x',
      facts: { facts: 'refund', base: routineBase, refund: facts },
      currency: 'EUR',
    });
    expect(judged.verdict).toBe(decision === 'allow' ? 'permit' : 'deny');
  });
});
