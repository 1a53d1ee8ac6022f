/** A person proposes one call in their own words: judged like any other, within the lesser of their authority and the agent's. */
import { deriveId, TurnId, type ProposalId, type ToolName } from '../kernel/ids.ts';
import { mistakes } from '../kernel/mistakes.ts';
import type { JsonObject } from '../kernel/nouns.ts';
import { propose } from './deliberate.ts';
import type { Speaker } from './people.ts';
import { askTurn } from './turns/take-turn.ts';
import { found, StageError, type World } from './world.ts';

export interface Wish {
  readonly tool: ToolName;
  readonly args: JsonObject;
  readonly reason: string;
  readonly message: string; // the same one again proposes nothing anew
}

/** @throws StageError `not_found` where no agent proposes such a call, `bad_input` with what is wrong with the arguments */
export function proposeFor(world: World, speaker: Speaker, { tool: name, args, reason, message }: Wish): Promise<ProposalId> {
  const { tool } = found(world.writes.get(name), `tool \`${name}\``);
  const agent = found(
    [...world.agents.values()].find(({ proposes }) => proposes.some((one) => one.name === name)),
    `agent that proposes \`${name}\``,
  );
  const parsed = tool.input.safeParse(args);
  if (!parsed.success) throw new StageError('bad_input', mistakes(tool.input, args, parsed.error).join('\n'));
  return world.store.tx(speaker.org, async (tx) => {
    const id = TurnId.parse(deriveId('trn', [tx.org, 'propose', speaker.person, message]));
    const said = Object.entries(args).map(([argument, value]) => `${argument} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    const content = `${name}: ${said.join(', ')}. ${reason}`;
    const conversation = `${speaker.person}-proposals`;
    const times = await tx.times();
    await tx.addTurn(
      { id, source: 'propose', message: `${speaker.person}/${message}`, conversation, person: speaker.person, agent: agent.name, content },
      times.wall,
    );
    const turn = found(await tx.turn(id), `turn \`${id}\``);
    if (turn.content !== content) throw new StageError('key_reused', `\`${message}\` proposed something else before; nothing was done.`);
    const [before] = turn.proposals;
    if (before) return before;
    const ask = await askTurn(world, tx, turn);
    const made = await propose(world, tx, ask, { tool: name, args, rationale: reason }, times, [ask.cause]);
    await tx.answerTurn(id, { answer: '', by: 'the person', proposals: [made], classification: null, heardBy: 'asker' });
    return made;
  });
}
