/** What is said of an amendment, on every surface in the same words: what it changes, what it would have changed, and who decides it. Pure. */
import type { AmendmentCard } from '../client.ts';
import type { Change, LevelChange, Replay } from '../kernel/amendment.ts';
import { isDeclared } from '../kernel/declared.ts';
import { show } from '../kernel/money.ts';

export const amendmentHeadline = ({ level }: Pick<AmendmentCard, 'level'>): string =>
  level ? `Raise ${level.agent} from ${level.from} to ${level.to}` : 'Amend the constitution';

/** What it is about, in lines: each may hold text that somebody wrote. */
export const amendmentSays = ({ level, findings, currency }: AmendmentCard): readonly string[] => [
  ...(level ? levelInWords(level) : []),
  ...(findings ? [...changesInWords(findings.changes), ...replayInWords(findings.replay, currency)] : ['It is being checked.']),
  ...(findings && findings.problems.length > 0 ? ['It is refused:', ...findings.problems.map((problem) => `- ${problem}`)] : []),
];

/** Why this person cannot vote on it; undefined where they can. */
export function amendmentWhyNot({ state, votes, may }: AmendmentCard, person: string, named: (person: string) => string): string | undefined {
  if (state === 'checking') return 'It is still being checked.';
  if (state !== 'open') return `It is already ${state}${votes.length === 0 ? '' : `; voted: ${votes.map((vote) => named(vote.person)).join(', ')}`}.`;
  if (may.includes(person)) return undefined;
  const own = votes.find((vote) => vote.person === person);
  if (own) return `You voted to ${own.choice} it.`;
  return `Owners decide this. Who may: ${may.map(named).join(', ') || 'nobody left'}.`;
}

export function levelInWords({ agent, from, to, evidence: e }: LevelChange): string[] {
  return [
    `Raises ${agent} from ${from} to ${to}. What it showed at ${from}:`,
    `${e.proposals} proposals judged: ${e.permitted} would have been done, ${e.escalated} asked about, ${e.denied} denied; ${show({ minor: e.minor, currency: e.currency })} in those not denied.`,
    `What became of them: ${e.people.settled} settled without the agent, ${e.people.standing} still stand, ${e.people.approved} approved by people, ${e.people.declined} declined, ${e.people.untold} cannot be told.`,
  ];
}

export const changesInWords = (changes: readonly Change[]): string[] =>
  changes.flatMap(({ what, name, title, source, how, lines }) => {
    const mark = how === 'added' ? '+' : how === 'removed' ? '-' : '~';
    if (isDeclared({ what })) return [`${mark} ${title}`];
    if (what === 'rule') return [`${mark} rule ${name}: ${title}${how === 'added' ? '' : `: ${how}`}`, ...lines.map((text) => `    ${text}`)];
    return [`${mark} ${what} ${title}${source ? ` (${source})` : ''}: ${how}`, ...lines.map((text) => `    ${text}`)];
  });

export function replayInWords(replay: Replay | null, currency: string): string[] {
  if (!replay) return [];
  const { changed, judged, recorded, untold, minor, people, shown: rows } = replay;
  return [
    `Of ${recorded} recorded decisions ${judged} were judged again: ${changed} would be others${changed > 0 ? `, about ${show({ minor, currency })}${people > 0 ? ` and ${people} ${people === 1 ? 'person' : 'people'}` : ''}` : ''}${untold > 0 ? `; of ${untold} it cannot be told` : ''}.`,
    ...rows.map(
      (row) =>
        `    ${row.proposal.slice(0, 12)}  ${row.was} -> ${row.becomes}  ${row.tool} ${row.subject}${row.minor === null ? '' : `  ${show({ minor: row.minor, currency })}`}${row.people.length > 0 ? `  ${row.people.join(', ')}` : ''}`,
    ),
    ...(changed > rows.length ? [`    … and ${changed - rows.length} more`] : []),
  ];
}
