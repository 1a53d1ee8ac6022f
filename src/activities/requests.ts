/** One agent asks another: an Ask of its own, one hop further from whoever asked first. It moves nothing; the gate judges what comes of it. */
import { askOfRequest, requestId } from '../intake/ask.ts';
import type { AskDraft } from '../kernel/define.ts';
import { AgentName, type AskId, type EventId } from '../kernel/ids.ts';
import { Inquiry, type Ask } from '../kernel/nouns.ts';
import type { Times } from '../kernel/time.ts';
import type { Tx } from './ports.ts';
import { record, type World } from './world.ts';

const MOST_REQUESTS = 3; // of one ask: what needs more than the three other domains at once is for people to sort out

/** What was said on somebody's behalf is sealed under that person's key. */
const subjectFor = ({ onBehalfOf }: Ask): string => (onBehalfOf === null ? 'organization' : `person/${onBehalfOf}`);

/** Puts on file what an agent asks of others. What may not be asked is refused, with an event; the rest goes on. @returns the asks, each once */
export async function requestAll(world: World, tx: Tx, parent: Ask, drafts: readonly AskDraft[], times: Times, cause: EventId): Promise<readonly AskId[]> {
  const chain = drafts.length > 0 ? (await tx.askChain(parent.id)).map(({ agent }) => agent) : [];
  const made = new Set<AskId>();
  for (const [n, draft] of drafts.slice(0, MOST_REQUESTS).entries()) {
    const checked = mayAsk(world, parent, chain, draft);
    if ('because' in checked) await refuse(world, tx, parent, { n, about: draft.about, because: checked.because }, times, cause);
    else if (!made.has(requestId(parent, checked.to, draft.about))) made.add(await request(world, tx, parent, checked.to, draft, times, cause));
  }
  const over = drafts.length - MOST_REQUESTS;
  if (over > 0)
    await refuse(
      world,
      tx,
      parent,
      { n: MOST_REQUESTS, about: '', because: `one ask asks ${MOST_REQUESTS} others at most; ${over} more were not asked` },
      times,
      cause,
    );
  return [...made];
}

type Checked = { readonly to: AgentName } | { readonly because: string };

/** Nobody is asked who stands in the chain already: agents do not talk in circles. How long a chain may be the gate says. */
function mayAsk(world: World, parent: Ask, chain: readonly AgentName[], { to, text, about, narrowed }: AskDraft): Checked {
  const named = 'agent' in to ? AgentName.safeParse(to.agent).data : [...world.agents.values()].find(({ domain }) => domain === to.domain)?.name;
  const agent = named === undefined ? undefined : world.agents.get(named);
  if (!agent) return { because: `there is no agent \`${'agent' in to ? to.agent : to.domain}\`` };
  if (chain.includes(agent.name)) return { because: `\`${agent.name}\` stands in this chain already (${[...chain].reverse().join(' asked ')})` };
  const fits = Inquiry.safeParse({ kind: 'request', parent: parent.id, from: parent.agent, text, about, ...(narrowed ? { narrowed } : {}) });
  return fits.success ? { to: agent.name } : { because: fits.error.issues.map((issue) => `\`${issue.path.join('.')}\`: ${issue.message}`).join('; ') };
}

async function request(world: World, tx: Tx, parent: Ask, to: AgentName, { text, about, narrowed }: AskDraft, times: Times, cause: EventId): Promise<AskId> {
  const event = await record(world, tx, {
    org: tx.org,
    type: 'request.made',
    key: [requestId(parent, to, about)],
    causes: [cause],
    correlation: requestId(parent, to, about),
    times,
    groups: {
      actor: { subject: 'organization', value: { agent: parent.agent, to } },
      payload: { subject: subjectFor(parent), value: { text, about, provenance: 'derived', ...(narrowed ? { narrowed: { ...narrowed } } : {}) } },
    },
  });
  const ask = askOfRequest(parent, to, text, about, event, narrowed);
  await tx.addAsk(ask, times.wall);
  return ask.id;
}

async function refuse(
  world: World,
  tx: Tx,
  parent: Ask,
  { n, ...refused }: { readonly n: number; readonly about: string; readonly because: string },
  times: Times,
  cause: EventId,
): Promise<void> {
  await record(world, tx, {
    org: tx.org,
    type: 'request.refused',
    key: [parent.id, n],
    causes: [cause],
    correlation: parent.id,
    times,
    groups: { actor: { subject: 'organization', value: { agent: parent.agent } }, payload: { subject: subjectFor(parent), value: refused } },
  });
}

/** Keeps what the asked agent said. */
export async function answerRequest(world: World, tx: Tx, ask: Ask, answer: string, by: string, times: Times, cause: EventId): Promise<void> {
  await tx.answerAsk(ask.id, answer);
  await record(world, tx, {
    org: tx.org,
    type: 'request.answered',
    key: [ask.id],
    causes: [cause],
    correlation: ask.id,
    times,
    groups: {
      actor: { subject: 'organization', value: { agent: ask.agent, by } },
      payload: { subject: subjectFor(ask), value: { answer } },
    },
  });
}
