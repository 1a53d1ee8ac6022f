/** A model that is scripted by a dataset, behind the wire of a real API: it reads, then proposes what is expected, then answers. */
import { LLMock } from '@copilotkit/aimock';
import { Sealing } from '../../src/deliberate/sealed.ts';
import type { AnyReadTool } from '../../src/kernel/define.ts';
import type { Agent } from '../../src/kernel/define.ts';
import type { Dataset, Sample } from '../../src/kernel/evals.ts';

const TODAY = '2026-03-02'; // the workshop's first morning
const READ_WITH: readonly object[] = [{}, { today: TODAY }];

/** As tools are called over the wire: without a dot. */
const wireName = (name: string): string => name.replace('.', '__');

export interface Call {
  readonly name: string;
  readonly args: object;
}
/** What the model does about one sample, turn by turn; then it answers. */
export type Line = (sample: Sample, expected: readonly Call[], read: Call) => readonly (readonly Call[])[];

const asExpected: Line = (_sample, expected, read) => (expected.length > 0 ? [[read], expected] : [[read]]);

/** @param line what it does otherwise than expected */
export async function scripted(agent: Agent, dataset: Dataset, line: Line = asExpected): Promise<LLMock> {
  const mock = new LLMock({ port: 0 });
  const read = readOf(agent.reads);
  for (const sample of dataset) {
    const userMessage = `"subject":"${new Sealing({ kind: () => false }).text(sample.subject)}"`; // as the model is told it
    const turns = line(
      sample,
      sample.proposes.map(({ tool, args, words }) => ({ name: tool, args: { ...args, ...words } })),
      read,
    );
    for (const [turnIndex, calls] of turns.entries()) {
      const toolCalls = calls.map(({ name, args }) => ({ name: wireName(name), arguments: JSON.stringify(args) }));
      mock.addFixture({ match: { userMessage, turnIndex }, response: { toolCalls } });
    }
    mock.addFixture({ match: { userMessage, turnIndex: turns.length }, response: { content: `About ${sample.subject}: ${sample.kind}.` } });
  }
  await mock.start();
  return mock;
}

function readOf(reads: readonly AnyReadTool[]): Call {
  for (const { name, input } of reads) for (const args of READ_WITH) if (input.safeParse(args).success) return { name, args };
  throw new Error('the agent has no read tool that takes nothing, or the day');
}
