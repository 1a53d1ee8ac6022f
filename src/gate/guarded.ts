/** What no amendment takes away: the articles of the seven constraints, and of what is permitted at all. */
import { canonical } from '../kernel/digest.ts';
import { policyJson, type Article, type Bundle, type Constitution, type Slice } from './constitution.ts';

const GUARDED = ['00-grants.cedar', '10-constraints.cedar']; // files of the base
const GUARDED_INVARIANTS = 'constraints.cedar';

/** Titles and sources may be written anew; effect, scope and conditions stay. */
export function takenAway(inForce: { bundle: Bundle; constitution: Constitution }, draft: Constitution): string[] {
  const texts = GUARDED.flatMap((file) => Object.entries(inForce.bundle.articles).flatMap(([name, text]) => (name === file ? [text] : [])));
  const guarded = [...inForce.constitution.articles.values()].filter(({ id }) => texts.some((text) => text.includes(`@id("${id}")`)));
  return [
    ...invariantsTakenAway(inForce, draft),
    ...guarded.flatMap(({ id, article, title, source, text }) => {
      const now = draft.articles.get(id);
      const stands = `${article} ${title} (${source}) is one of the constraints that no amendment ${now ? 'changes' : 'removes'}; put \`${id}\` back as it is in force.`;
      if (!now || rule(now) !== rule({ text })) return [`\`${id}\`: ${stands}`];
      const free = [...draft.slices].find(([name, slice]) => outOfReach(id, inForce.constitution.slices.get(name), slice));
      if (!free) return [];
      return [`\`${id}\`: ${article} ${title} (${source}) would no longer hold for \`${free[0]}\`; leave the groups of the schema as they are in force.`];
    }),
  ];
}

/** What was proved of the constraints is proved of every later draft. */
function invariantsTakenAway({ bundle, constitution }: { bundle: Bundle; constitution: Constitution }, draft: Constitution): string[] {
  const text = bundle.invariants?.[GUARDED_INVARIANTS] ?? '';
  return [...constitution.invariants.values()].flatMap((one) => {
    const now = draft.invariants.get(one.id);
    if (!text.includes(`@id("${one.id}")`) || (now && rule(now) === rule(one))) return [];
    return [`\`${one.id}\`: that ${one.title} (${one.source}) is proved of every draft; put the invariant back as it is in force.`];
  });
}

/** A schema whose groups are hung elsewhere would leave an article in place and let it match nothing. */
const outOfReach = (id: string, before: Slice | undefined, now: Slice): boolean =>
  before?.tool.effect === now.tool.effect && id in before.policies && !(id in now.policies);

function rule({ text }: Pick<Article, 'text'>): string {
  const parsed = policyJson(text);
  if (parsed.type === 'failure') return text;
  const { annotations, ...rest } = parsed.json;
  const { escalate, quorum, within, sole, declines, mode } = annotations ?? {};
  return canonical({ ...rest, escalation: [escalate, quorum, within, sole, declines, mode].map((value) => value ?? null) });
}
