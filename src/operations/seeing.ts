/** What each reader sees of tasks, files and events. Lists leave out what is not theirs; what is named is refused, with who sees it. */
import { EVERYTHING, sightOf, type Seen, type Sight } from '../activities/sight.ts';
import type { World } from '../activities/world.ts';
import type { Caller, TaskCard } from '../client.ts';
import { Domain, ToolName, type OrgId, type PersonId } from '../kernel/ids.ts';
import { highest } from '../kernel/message.ts';
import type { Classification } from '../kernel/nouns.ts';
import type { Finding } from '../ports.ts';
import type { Callers } from './callers.ts';
import type { Installation } from './installation.ts';

export const sightOfPerson = (world: World, org: OrgId, person: PersonId): Promise<Sight> =>
  world.store.tx(org, async (tx) => sightOf(world, tx, person, await tx.times()));

/** @throws as `Callers.known` */
export async function sightFor({ world, org }: Pick<Installation, 'world' | 'org'>, { known }: Callers, caller: Caller): Promise<Sight> {
  const by = await known(caller);
  return by === 'operator' ? EVERYTHING : sightOfPerson(world, org, by);
}

/** A tool that is not known any more may have held anything. */
const classOf = (world: World, tool: string): Classification => {
  const name = ToolName.parse(tool);
  return (world.writes.get(name) ?? world.reads.get(name))?.tool.classification ?? 'restricted';
};

export const seenTool = (world: World, tool: ToolName): Seen => ({
  domain: Domain.safeParse(tool.split('.')[0]).data ?? null,
  classification: classOf(world, tool),
});

export const seenTask = (world: World, task: TaskCard): Seen => ({
  ...seenTool(world, ToolName.parse(task.tool)),
  parties: [
    ...(task.requester === null ? [] : [task.requester]),
    ...[...task.may, ...task.votes, ...task.nudged].map(({ person }) => person),
    ...(task.escalated?.people ?? []),
    ...Object.values(task.args).flatMap((value) => (typeof value === 'string' ? [value] : [])), // a person it is about
  ],
});

export const seenTasks = (world: World, sight: Sight, tasks: readonly TaskCard[]): readonly TaskCard[] =>
  tasks.filter((task) => sight.sees(seenTask(world, task)));

/** What an agent says of a domain without having proposed anything: as sensitive as the most sensitive thing that it reads. */
export function seenAgent(world: World, agent: string): Seen {
  const found = [...world.agents.values()].find(({ name }) => name === agent);
  return { domain: found?.domain ?? null, classification: found ? highest(found.reads.map(({ classification }) => classification)) : 'restricted' };
}

/** A file may hold anything that its kind holds, and its name may say it. */
export function seenFile(
  world: World,
  { kind, register, filedBy }: { readonly kind: string; readonly register: string | null; readonly filedBy: string },
): Seen {
  const ofRegister = world.papers.registers.find(({ name }) => name === register)?.domain;
  const ofKind = kind === 'camt053' || kind.startsWith('ubl_') ? 'finance' : kind === 'icalendar' ? 'staffing' : null;
  return { domain: ofRegister ?? ofKind, classification: 'confidential', parties: [filedBy] };
}

export function seenFinding(world: World, finding: Finding): Seen {
  if (finding.of === 'agent') return seenAgent(world, finding.agent);
  return finding.of === 'file' ? seenFile(world, finding.file) : { domain: finding.domain, classification: 'confidential' };
}

/** A stage that keeps failing says why, in words that may quote a record. What it is about and is no task of ours is for the owners. */
export const seenStalled = (world: World, subject: string, task: TaskCard | undefined): Seen =>
  task ? seenTask(world, task) : { domain: Domain.safeParse(subject).data ?? null, classification: 'confidential' };
