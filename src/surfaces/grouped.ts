/** What waits, as a surface shows it: cards, and one card for all the rest of an agent. */
import type { TaskCard } from '../client.ts';
import { spokenOf } from './prose.ts';

export interface Group {
  readonly agent: string;
  readonly tasks: readonly TaskCard[]; // in the order in which they become cards on later days
  readonly says: string;
}

export interface Shelf {
  readonly cards: readonly TaskCard[];
  readonly groups: readonly Group[];
}

export function shelved(tasks: readonly TaskCard[]): Shelf {
  const rest = tasks.filter(({ grouped }) => grouped);
  const agents = [...new Set(rest.map(({ agent }) => agent))];
  return {
    cards: tasks.filter(({ grouped }) => !grouped),
    groups: agents.map((agent) => {
      const of = rest.filter((task) => task.agent === agent);
      return { agent, tasks: of, says: `${of.length} more of ${spokenOf(agent)} ${of.length === 1 ? 'waits' : 'wait'}; open the list` };
    }),
  };
}
