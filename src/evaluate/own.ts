/** What an agent makes now of what was called wrong. Pure. */
import { canonical } from '../kernel/digest.ts';
import type { CaseScore, Handled, OwnCase } from '../kernel/evals.ts';
import type { JsonObject } from '../kernel/nouns.ts';
import { told } from './score.ts';

/**
 * Where people said what would have been right: that call, and not the wrong one. Otherwise anything but the wrong call; one that the gate
 * denies does nothing. What the records of then do not give rise to was not tried.
 */
export function heeded({ id, drift, wrong, right, reason }: OwnCase, handled: readonly Handled[]): CaseScore {
  const score = (holds: CaseScore['holds'], says: string): CaseScore => ({ id, drift: drift.reconciler, subject: drift.subject, holds, says });
  const one = handled.find((each) => each.drift === drift.reconciler && each.subject === drift.subject);
  if (!one) return score(null, 'the records of then do not give rise to it now');
  if (one.stopped !== 'done') return score(false, `it stopped: ${one.stopped}; ${told(one)}`);
  const again = one.proposed.some(({ tool, args, verdict }) => verdict !== 'deny' && tool === wrong.tool && canonical(args) === canonical(wrong.args));
  const done = right === null || one.proposed.some(({ tool, args, verdict }) => verdict !== 'deny' && tool === right.tool && holdsAll(args, right.args));
  return score(done && !again, done && !again ? told(one) : `it was wrong because \`${reason}\`, and now ${told(one)}`);
}

const holdsAll = (args: JsonObject, wanted: JsonObject): boolean =>
  Object.entries(wanted).every(([name, value]) => name in args && canonical(args[name]) === canonical(value));
