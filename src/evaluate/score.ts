/** What was handled against what was planted: precision and recall by kind of drift. Pure. */
import { canonical } from '../kernel/digest.ts';
import type { Expected, Handled, KindScore, Sample, Scorer } from '../kernel/evals.ts';

const ratio = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

/** A planted fact counts once, where its own drift was seen and all that was proposed is what was expected. Whatever else was handled is a false alarm. */
export const perKind: Scorer = (dataset, handled) => {
  const kinds = [...new Set([...dataset.flatMap(({ drift }) => drift ?? []), ...handled.map(({ drift }) => drift)])].sort();
  return kinds.map((kind) => scoreOf(kind, dataset, handled));
};

function scoreOf(kind: string, dataset: readonly Sample[], all: readonly Handled[]): KindScore {
  const planted = dataset.filter(({ drift }) => drift === kind);
  const handled = all.filter(({ drift }) => drift === kind);
  const judged = planted.map((sample) => ({
    sample,
    wrong: wrongWith(
      sample,
      handled.filter(({ subject }) => subject === sample.subject),
    ),
  }));
  const right = judged.filter(({ wrong }) => wrong === undefined).length;
  const known = new Set(planted.map(({ subject }) => subject));
  return {
    drift: kind,
    planted: planted.length,
    handled: handled.length,
    right,
    precision: ratio(right, handled.length),
    recall: ratio(right, planted.length),
    misses: judged.flatMap(({ sample, wrong }) => (wrong === undefined ? [] : [`${sample.subject} (${sample.kind}; expected: ${sample.expect}): ${wrong}`])),
    alarms: handled.filter(({ subject }) => !known.has(subject)).map((one) => `${one.subject}: ${told(one)}`),
  };
}

/** What is wrong with how a planted fact was handled; undefined where nothing is. */
function wrongWith(sample: Sample, seen: readonly Handled[]): string | undefined {
  const [one] = seen;
  if (!one) return 'not seen';
  if (seen.length > 1) return `seen ${seen.length} times`;
  if (one.stopped !== 'done') return `it stopped: ${one.stopped}; ${told(one)}`;
  if (sample.proposes.length === 0) return one.proposed.length > 0 || one.said === '' ? told(one) : undefined;
  const rest = sample.proposes.reduce<Handled['proposed']>((left, expected) => {
    const at = left.findIndex((call) => fits(expected, call));
    return left.filter((_call, n) => n !== at);
  }, one.proposed);
  const all = rest.length === 0 && one.proposed.length === sample.proposes.length;
  return all ? undefined : told(one);
}

const fits = (expected: Expected, call: Handled['proposed'][number]): boolean =>
  call.tool === expected.tool &&
  call.verdict === expected.verdict &&
  Object.entries(expected.args).every(([name, value]) => name in call.args && canonical(call.args[name]) === canonical(value));

/** What it made of it, in words. */
export const told = ({ proposed, said }: Handled): string =>
  proposed.length === 0 ? `people were told \`${said}\`` : proposed.map(({ tool, args, verdict }) => `${verdict} ${tool} ${canonical(args)}`).join('; ');

/** Whether the bar holds: everything that was planted handled as expected, and nothing else. */
export const perfect = (kinds: readonly KindScore[]): boolean => kinds.every(({ precision, recall }) => precision === 1 && recall === 1);
