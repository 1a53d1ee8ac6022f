import { describe, expect, test } from 'vitest';
import { factsRead, pathsRead } from '../../src/gate/facts-read.ts';
import { baseConstitution, paymentFacts } from '../fixtures/constitution.ts';
import { JsonObject } from '../../src/kernel/nouns.ts';

const constitution = baseConstitution();
const text = (when: string) => ({ text: `@id("x") @article("X") @title("x") @source("x") forbid (principal, action, resource) when { ${when} };` });

describe('the facts that an article looks at', () => {
  test.each([
    ['context.base.hour > 5 && context.base.hour < 9', ['base.hour']],
    ['context.payment.amount_minor > context.base.limit_call_minor + 1', ['base.limit_call_minor', 'payment.amount_minor']],
    ['context.base has requester && context.base.approved_by.contains(context.base.requester)', ['base.approved_by', 'base.requester']],
    ['principal == Agent::"a"', []],
    ['true', []],
  ])('%s', (when, paths) => expect(pathsRead(text(when))).toEqual(paths));

  test('of an article of the base, with what they were', () => {
    const facts = JsonObject.parse(paymentFacts({ payment: { amount_minor: 250_000 } }));
    expect(factsRead(constitution, ['finance.call'], facts)).toMatchObject({ 'base.limit_call_minor': 200_000, 'payment.amount_minor': 250_000 });
    expect(factsRead(constitution, ['no.such.article'], facts)).toEqual({});
    expect(factsRead(constitution, ['finance.call'], {})).toEqual({});
  });
});
