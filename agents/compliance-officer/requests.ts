/** What other agents may ask of compliance, answered in code. What they write is quoted to people, and never acted on. */
import { draft, type RequestRoutine } from '../../src/kernel/define.ts';
import { liftHold } from '../../src/domains/compliance/tools/hold.ts';
import { getHold } from '../../src/domains/compliance/tools/reads.ts';

const SUPPLIER = /^S-\d{3,6}$/; // an id of the supplier register
const LONGEST_REASON = 500; // characters, as `compliance.lift_hold` takes them

export const requests: readonly RequestRoutine[] = [
  {
    about: 'a supplier whose payments are stopped, by its id',
    matches: ({ about }) => SUPPLIER.test(about),
    async resolve({ about: supplier, from, text }, reads) {
      const held = await reads.read(getHold, { supplier });
      if (!held) return { drafts: [], finding: `Payments to \`${supplier}\` are not stopped.` };
      const reason = `\`${from}\` asks; they were stopped because: ${held.reason}`.slice(0, LONGEST_REASON).replace(/[\ud800-\udbff]$/, '');
      const rationale = `Let them go on only if that is settled (${held.reason}). \`${from}\` wrote: ${text}`;
      return {
        drafts: [draft(liftHold, { supplier, reason }, rationale)],
        finding: `People of compliance are asked whether payments to \`${supplier}\` go on.`,
      };
    },
  },
];
