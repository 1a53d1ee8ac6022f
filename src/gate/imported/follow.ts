/** Follows what led to a call, step by step, and says of each call what the gate is to know of it. Pure. */
import { canonical } from '../../kernel/digest.ts';
import type { ImportedTool } from '../../kernel/manifest.ts';
import type { Governs } from '../../kernel/nouns.ts';
import { leavesOf, type Leaf, type Step, type Told } from './history.ts';
import { leaving, type Secret } from './private.ts';
import { asksFor, kindOfCall, lured, wantedIn, type Wanted } from './request.ts';
import { Sources } from './sources.ts';
import { REACHES, trace, type TracedLeaf } from './trace.ts';
import { spokenWords } from '../own-words.ts';

/** What is known of one call, for its fact sheet and for people. */
export interface Followed {
  readonly untrusted: readonly Governs[]; // kinds, sorted
  readonly values: {
    readonly classified: boolean;
    readonly untrusted_read: boolean;
    readonly asked_for: boolean;
    readonly private_out: boolean;
    readonly stranger: boolean;
  };
  readonly why: readonly string[];
}

export interface Known {
  readonly tool: ImportedTool;
  readonly classified: boolean; // as the tool describes itself now
}

/** @param tools by the name that calls use @param secrets private values of the systems' records */
export function follow(told: Told, steps: readonly Step[], tools: ReadonlyMap<string, Known>, secrets: readonly Secret[]): readonly Followed[] {
  const sources = new Sources(told);
  const wanted = wantedIn(spokenWords(told.prompt));
  const found: Followed[] = [];
  const left: string[] = [];
  const made = new Set<string>();
  let open: { readonly known: Known | undefined; readonly leaves: readonly Leaf[]; readonly unvouched: readonly string[] } | undefined;
  for (const step of steps) {
    if (step.type === 'result') {
      sources.take(step.text, open?.known?.tool, open?.leaves ?? [], open?.unvouched ?? []);
      open = undefined;
      continue;
    }
    const known = tools.get(step.tool);
    const leaves = leavesOf(step.arguments);
    const traced = known && known.tool.effect !== 'read' ? trace(known.tool, leaves, sources) : [];
    const out = known && ['outbound', 'irreversible'].includes(known.tool.effect) ? leaves.map(({ value }) => value) : [];
    const secret = leaving(out, left, [...secrets, ...sources.secrets], sources);
    const same = `${step.tool} ${canonical(step.arguments)}`;
    const again = known !== undefined && known.tool.effect !== 'read' && !isLookup(known.tool) && made.has(same); // what was asked for once is done
    const asked = known !== undefined && !again && isAsked(known.tool, wanted, traced, leaves, sources);
    made.add(same);
    found.push(facts(known, traced, asked, secret, sources));
    left.push(...out);
    const unvouched = traced.filter(({ by }) => by !== 'stated' && by !== 'record').map(({ value }) => value);
    open = { known, leaves, unvouched };
  }
  return found;
}

const isLookup = ({ name }: ImportedTool): boolean => kindOfCall(name).deeds.has('read');

/** To answer, much is read that nobody asks for by name; only what text of others alone asks to have read is not asked for. */
function isAsked({ name }: ImportedTool, wanted: readonly Wanted[], traced: readonly TracedLeaf[], leaves: readonly Leaf[], sources: Sources): boolean {
  const kind = kindOfCall(name);
  if (!kind.deeds.has('read')) return asksFor(wanted, kind, names(traced), whole(traced));
  const strange = leaves.map(({ value }) => value).filter((value) => value.length > 2 && !sources.says(value) && !sources.recorded(value));
  return !lured(sources.strangersWant, kind, sources.spoken, strange);
}

/** Whether the person names whom or what the call is about. */
const names = (traced: readonly TracedLeaf[]): boolean => traced.some(({ kind, meant }) => meant && (REACHES.includes(kind) || kind === 'identifier'));

/** Whether they name all that decides it, and something does. */
const whole = (traced: readonly TracedLeaf[]): boolean => {
  const decides = traced.filter(({ kind }) => kind !== 'free_text' && kind !== 'date');
  return decides.length > 0 && decides.every(({ by }) => by === 'stated');
};

function facts(known: Known | undefined, traced: readonly TracedLeaf[], asked: boolean, secret: Secret | undefined, sources: Sources): Followed {
  const theirs = traced.filter(({ by }) => by === 'untrusted');
  return {
    untrusted: [...new Set(theirs.map(({ kind }) => kind))].sort(),
    values: {
      classified: known?.classified ?? false,
      untrusted_read: sources.untrustedRead,
      asked_for: asked,
      private_out: secret !== undefined,
      stranger: theirs.some(({ kind }) => REACHES.includes(kind)),
    },
    why: [
      ...theirs.map(({ argument, kind, why }) => `\`${argument}\` (${kind}): ${why}`),
      ...(secret ? [`it carries \`${secret.name}\` of a record`] : []),
      ...(known && !asked ? ['the person’s words ask for no such call'] : []),
    ],
  };
}
