/** What a reader sees of a chain of causes: an event that tells of a task, a file or a question is as sensitive as that. */
import type { Seen, Sight } from '../activities/sight.ts';
import type { TaskCard } from '../client.ts';
import { highest } from '../kernel/message.ts';
import { ofTheHouse, withheld } from '../memory/seen.ts';
import { sentence } from '../memory/sentences.ts';
import type { ReadableEvent } from '../memory/why.ts';
import type { Installation } from './installation.ts';
import { seenAgent, seenFile, seenTask } from './seeing.ts';

const DIGITS = 16; // of a file's digest, in a correlation

export interface SeenEvent extends ReadableEvent {
  readonly says: string;
  readonly withheld: boolean; // it is there, and not this reader's to read
}

/** Each event with its sentence; of what is not the reader's to see only that it is there, when, and of which kind. */
export async function seenEvents(installation: Installation, sight: Sight, events: readonly ReadableEvent[]): Promise<readonly SeenEvent[]> {
  const told = events.filter((event) => !ofTheHouse(event));
  const origins = await originsOf(installation, [...new Set(told.map(({ correlation }) => correlation))]);
  return events.map((event) => {
    const seen = ofTheHouse(event) ? { domain: null, classification: 'internal' as const } : (origins.get(event.correlation) ?? UNKNOWN);
    if (sight.sees(seen)) return { ...event, says: sentence(event), withheld: false };
    return {
      ...withheld(event),
      says: `${event.type.replace(/[._]/g, ' ')}: not yours to read (${seen.domain ?? 'the organization'}, ${seen.classification})`,
      withheld: true,
    };
  });
}

const UNKNOWN: Seen = { domain: null, classification: 'restricted' };

async function originsOf(installation: Installation, correlations: readonly string[]): Promise<ReadonlyMap<string, Seen>> {
  const { world, org, views } = installation;
  const asks = await views.asksNamed(
    org,
    correlations.filter((one) => one.startsWith('ask-')),
  );
  const tasks = await views.tasksAbout(
    org,
    correlations.filter((one) => /^(ask|prp)-/.test(one)),
  );
  const files = correlations.some((one) => one.startsWith('file/')) ? await world.store.tx(org, (tx) => world.papers.list(tx)) : [];
  const found = correlations.map((correlation): readonly [string, Seen] => {
    const file = files.find(({ digest }) => correlation === `file/${digest.slice(0, DIGITS)}`);
    if (file) return [correlation, seenFile(world, { ...file, register: file.mapping?.register ?? null })];
    const ask = asks.find(({ id }) => id === correlation);
    const of = tasks.filter((task) => task.id === correlation || task.ask === correlation);
    return [
      correlation,
      ofAsk(
        installation,
        ask,
        of.map(({ task }) => task),
      ),
    ];
  });
  return new Map(found);
}

/** An ask that came to tasks is as sensitive as these; whoever is a party to one is a party to how it came about. */
function ofAsk({ world }: Installation, ask: { readonly agent: string; readonly requester: string | null } | undefined, tasks: readonly TaskCard[]): Seen {
  const seen = tasks.map((task) => seenTask(world, task));
  const [first] = seen;
  const parties = [...(ask?.requester ? [ask.requester] : []), ...seen.flatMap((one) => one.parties ?? [])];
  if (first) return { domain: first.domain, classification: highest(seen.map(({ classification }) => classification)), parties };
  return ask ? { ...seenAgent(world, ask.agent), parties } : UNKNOWN;
}
