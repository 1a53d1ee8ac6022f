/** The recorded calls of a tool suite, through intake, provenance and gate, without a model and without a call being made. */
import { z } from 'zod';
import { routineBase } from '../gate/case-runs.ts';
import { compile, type Bundle } from '../gate/constitution.ts';
import { decide, type Judgment } from '../gate/decide.ts';
import { follow, type Followed, type Known } from '../gate/imported/follow.ts';
import { Step } from '../gate/imported/history.ts';
import { secretsIn } from '../gate/imported/private.ts';
import { descriptorsIn } from '../intake/tools/descriptors.ts';
import { draftManifest } from '../intake/tools/draft.ts';
import { patched } from '../intake/tools/patch.ts';
import { AgentName } from '../kernel/ids.ts';
import { entriesOf, imported } from '../kernel/imported.ts';
import { isPrivateField } from '../kernel/lexicon.ts';
import { aboutOf, importedName, type Manifest, type ManifestPatch } from '../kernel/manifest.ts';
import type { Verdict } from '../kernel/nouns.ts';

export const Trajectory = z.looseObject({
  id: z.string(),
  system: z.string().default(''),
  person: z.string().default(''),
  prompt: z.string(),
  steps: z.array(Step),
});
export type Trajectory = z.infer<typeof Trajectory>;

export interface ToolSuite {
  readonly tools: unknown; // as its server lists them
  readonly environment: unknown; // the systems' records; null where they are not given
  readonly trajectories: readonly Trajectory[];
}

/** What the gate says of one call. */
export interface CallVerdict {
  readonly key: string; // `<trajectory>#<n>`
  readonly tool: string;
  readonly verdict: Verdict;
  readonly articles: readonly string[];
  readonly why: string;
}

/** @param given what people wrote about some of the tools; the others are as drafted */
export function judgeSuite(suite: ToolSuite, given: ManifestPatch | null, bundle: Bundle): readonly CallVerdict[] {
  const descriptors = descriptorsIn(suite.tools);
  const drafted = draftManifest(descriptors, 'imported');
  const manifest = given === null ? drafted : patched(drafted, given);
  const constitution = compile({ ...bundle, tools: [...bundle.tools, ...entriesOf(manifest)] });
  const about = new Map(descriptors.map((tool) => [tool.name, aboutOf(tool)]));
  const tools = new Map(
    manifest.tools.map((tool): [string, Known] => [tool.name, { tool, classified: tool.about === undefined || tool.about === about.get(tool.name) }]),
  );
  const secrets = secretsIn(suite.environment, isPrivateField);
  const today = todayOf(suite.environment);
  return suite.trajectories.flatMap(({ id, system, person, prompt, steps }) => {
    const calls = steps.flatMap((step) => (step.type === 'call' ? [step.tool] : []));
    return follow({ system, person, prompt, today }, steps, tools, secrets).map((followed, n): CallVerdict => {
      const tool = calls[n] ?? '';
      const judged = judgeCall(tool, followed, manifest, (call) => decide(constitution, call));
      return {
        key: `${id}#${n}`,
        tool,
        verdict: judged.verdict,
        articles: judged.articles.map((one) => one.id),
        why: [...judged.why, ...followed.why].join('; '),
      };
    });
  });
}

const AGENT = AgentName.parse('agent');

function judgeCall(tool: string, { untrusted, values }: Followed, { server }: Manifest, judge: (call: Parameters<typeof decide>[1]) => Judgment): Judgment {
  return judge({
    agent: AGENT,
    onBehalfOf: null,
    tool: importedName(server, tool),
    resource: tool,
    facts: { facts: imported.name, base: { ...routineBase, untrusted }, [imported.name]: values },
    currency: 'EUR',
  });
}

const DAY = /^(current|today|now)(_?(day|date|time))?$|^(date|day)_?today$/i;

/** The day that a system says it is; null where none does. */
function todayOf(record: unknown, depth = 0): string | null {
  if (typeof record !== 'object' || record === null || depth > 4) return null;
  for (const [name, value] of Object.entries<unknown>({ ...record })) {
    if (typeof value === 'string' && DAY.test(name) && /^\d{4}-\d{2}-\d{2}/.test(value)) return value.slice(0, 10);
    const within = todayOf(value, depth + 1);
    if (within !== null) return within;
  }
  return null;
}
