/**
 * The seven constraints: which law each is, what enforces it, what shows that it holds, and what is assumed. `docs/constraints.md` is
 * generated from this list, and the generator fails where a file, a name in it, an article, an invariant or a test is not there.
 */
import { CASES, DATABASE, PROCESS, PROVED, type Constraint } from './constraint.ts';
import { reach } from './reach.ts';

export const constraints: readonly Constraint[] = [
  ...reach,
  {
    name: 'HUMAN_OVERRIDE_ALWAYS',
    law: 'People of the named roles halt an agent, a domain or everything, and take back what has not left; from the halt’s commit on nothing of its scope begins, and nothing but a person lifts it.',
    articles: ['override.halt'],
    invariants: ['never.halted'],
    enforced: [
      {
        file: 'src/activities/people.ts',
        names: ['halt', 'resume', 'requireHaltRole'],
        how: 'the halt is committed before anything else is looked at; the role is checked',
      },
      {
        file: 'src/activities/act.ts',
        names: ['haltedNow'],
        how: 'the rows of the halt are held until the intent commits: a halt is before it or after it; a missing row is a halt',
      },
      { file: 'src/activities/deliberate.ts', names: ['mayPropose'], how: 'nothing is proposed under a halt, however far the deliberation had come' },
      { file: 'src/activities/halted.ts', names: ['unlessHalted'], how: 'a deliberation under way is aborted within a second' },
      {
        file: 'src/activities/rollback/begin.ts',
        names: ['requireSay'],
        how: 'whoever may decide about an action may call it wrong; each compensation is a call that the gate judges',
      },
      { file: 'src/activities/take-back.ts', names: ['takeBackHalted'], how: 'a payment that was instructed and has not left is taken back' },
    ],
    tests: [
      {
        file: 'test/adversary/human-override.test.ts',
        names: ['a thousand attempts begin nothing under a halt, and lift none', 'the same attempts do where the stages do not hear of halts'],
      },
      {
        file: 'test/scenarios/halts.test.ts',
        names: ['a halt stops every action whose intent is not committed within a second', 'that came to its end when the halt came keeps nothing either'],
      },
      {
        file: 'test/scenarios/rollback.test.ts',
        names: ['who may not decide about an action does not call it wrong', 'under a halt nothing is undone; when it is lifted it goes on'],
      },
      PROVED,
      CASES,
    ],
    assumed: [
      DATABASE,
      'What was committed as an intent before the halt goes on; of it, payments that have not left are taken back.',
      'What has left the house is not called back by us.',
    ],
  },
  {
    name: 'AUDIT_MANDATORY',
    law: 'The event of the intent is in the log before the effect starts; where there is no log, there is no effect.',
    articles: [],
    invariants: [],
    enforced: [
      {
        file: 'src/activities/act.ts',
        names: ['commitIntent', 'perform', 'requireStanding', 'keepReceipt'],
        how: 'the intent and its event commit together; an effect asks for that event, and for a warrant of ours over this very action; the effect and its receipt commit together',
      },
      { file: 'src/activities/world.ts', names: ['record', 'once'], how: 'a stage, its rows and its events are one transaction' },
      {
        file: 'src/adapters/postgres/migrations/0001_core.sql',
        names: ['event_append_only', 'intent_append_only', 'receipt_append_only'],
        how: 'what was appended is not changed',
      },
      {
        file: 'src/warrant/warrant.ts',
        names: ['permits', 'readWarrant', 'attested'],
        how: 'a warrant or vote that was written past the program verifies with no key of ours',
      },
    ],
    tests: [
      {
        file: 'test/adversary/audit-mandatory.test.ts',
        names: [
          'a thousand attempts come to nothing without the log, and to nothing unlogged while it fails',
          'the check for unlogged effects finds one',
          'of an intent, a warrant or a vote has no effect',
          'of a vote lets nothing through',
        ],
      },
      {
        file: 'test/scenarios/kill.test.ts',
        names: ['a worker killed before and after each commit between proposal and receipt acts once, though it comes back an hour later'],
      },
      { file: 'test/warrant/warrant.test.ts', names: ['a signature of another key, or of another kind of paper, is none'] },
    ],
    assumed: [DATABASE, 'A row of `decision` is believed: it carries no signature. Whoever may write one, and calls the stage that issues warrants, gets one.'],
    toCome: [
      'The log is one table with sealed fields; its tree, its checkpoints and their anchors outside come with the ledger’s part. Until then its owner could write it anew.',
    ],
  },
  {
    name: 'AUTHORITY_BOUNDED',
    law: 'No action goes above the least authority of whoever acts and asked for it, without the confirmation of enough eligible people.',
    articles: [
      'imported.unasked',
      'imported.untrusted',
      'authority.level',
      'authority.untrusted',
      'authority.own',
      'authority.standing.finance',
      'authority.standing.staffing',
      'authority.standing.compliance',
      'authority.standing.operations',
      'finance.call',
      'finance.day',
      'finance.large',
      'finance.supplier.month',
      'finance.budget',
      'operations.call',
      'operations.day',
      'operations.budget',
    ],
    invariants: ['never.ungranted', 'never.undone.unvouched', 'never.own', 'never.ask.alone', 'never.above.call', 'never.above.day'],
    enforced: [
      {
        file: 'src/activities/judge.ts',
        names: ['judgment', 'budgetsOf'],
        how: 'the budgets are locked, then all facts are read in one statement, decided and reserved in one transaction',
      },
      { file: 'src/activities/facts.ts', names: ['baseFacts'], how: 'limits are the least along the chain, of the person as well; an unknown agent has none' },
      { file: 'src/gate/decide.ts', names: ['decide'], how: 'any doubt denies; people are asked only where their votes could lift what stands in the way' },
      {
        file: 'src/gate/approvals.ts',
        names: ['countApprovals', 'standing', 'withinReach'],
        how: 'one person counts once, never for an own request, never through a credential that another party issued',
      },
      { file: 'src/warrant/warrant.ts', names: ['warrantClaims', 'permits'], how: 'leave for one exact action, once, for half a minute' },
      { file: 'src/execute/execute.ts', names: ['execute'], how: 'the arguments that were judged are the arguments that run' },
    ],
    tests: [
      {
        file: 'test/adversary/authority-bounded.test.ts',
        names: [
          'a thousand attempts move no more money than authority and votes allow, however split or repeated',
          'the same attempts get past the limits where the articles about them are struck',
        ],
      },
      { file: 'test/gate/decide.test.ts', names: ['forbid trumps everything', 'the obvious twin says the same over every set of articles'] },
      {
        file: 'test/scenarios/payments.test.ts',
        names: ['nobody approves what they asked for', 'a changed bank account needs two people; one and a forged row are not two'],
      },
      PROVED,
      CASES,
    ],
    assumed: [
      DATABASE,
      'Records say what is so: a bill, an order and a receipt that one person in finance forged together are believed.',
      'A vote is attested by the program, not signed by the person: it shows that the person’s token was used.',
    ],
  },
  {
    name: 'PURPOSE_EXTERNAL',
    law: 'Purpose, constitution, budgets and grants of authority are outside every tool’s reach; only a ratified amendment, or an owner’s own narrowing, changes them.',
    articles: [],
    invariants: [],
    enforced: [
      { file: 'src/binding.ts', names: ['bind'], how: 'a tool gets the ports of its own domain and nothing else: none of them writes what is ratified' },
      { file: 'src/in-force.ts', names: ['InForce'], how: 'what holds is read from what was ratified; edited files are a draft' },
      { file: 'src/activities/amendments/weigh.ts', names: ['weighAmendment'], how: 'the swap takes a quorum of owners who voted on the digest' },
      { file: 'src/activities/act.ts', names: ['stillPermits'], how: 'a warrant of another constitution than the one in force begins nothing' },
    ],
    tests: [
      {
        file: 'test/adversary/purpose-external.test.ts',
        names: ['a thousand attempts change nothing of what is ratified, declared or granted', 'the same attempts do where a tool reaches that far'],
      },
      { file: 'test/scenarios/amendments.test.ts', names: ['no tool leads to an amendment, and nobody but an owner proposes or ratifies one'] },
      { file: 'test/scenarios/declared.test.ts', names: ['by a vote on another digest, or by one owner of two'] },
    ],
    assumed: [
      DATABASE,
      PROCESS,
      'What is declared for staffing, operations and compliance below `desired/` is not ratified: it holds at the next start as the files say.',
    ],
  },
  {
    name: 'MEMORY_EXPIRES',
    law: 'Every memory artifact has an expiry; only an authorized human renews it; expiry destroys the content and keeps the proof.',
    articles: [],
    invariants: [],
    enforced: [
      {
        file: 'src/activities/turns/earlier.ts',
        names: ['MOST_TURNS', 'MOST_CHARACTERS', 'earlierIn'],
        how: 'ten earlier turns of one conversation are carried on, and no more; what tools returned is not among them',
      },
      { file: 'src/deliberate/deliberate.ts', names: ['deliberate'], how: 'a deliberation has no store: it begins from the ask, the records and those turns' },
      {
        file: 'src/ledger/seal.ts',
        names: ['seal'],
        how: 'fields of events are sealed under the key of their subject: without it the leaf stands and the content is gone',
      },
    ],
    tests: [
      {
        file: 'test/adversary/memory-expires.test.ts',
        names: [
          'a thousand attempts leave nothing that is remembered, and a conversation carries ten turns on and no more',
          'the same attempts do where a tool keeps what it is told',
        ],
      },
      { file: 'test/ledger/seal.test.ts', names: ['without a key nothing is sealed'] },
    ],
    assumed: [DATABASE, 'Records of the house (bills, registers, the rota) are records, and not memory.'],
    toCome: [
      'There are no memory artifacts yet, so there is none with an expiry, a renewal or an erasure to test: they come with the ledger’s part. Rows of turns and asks are kept without an end until then.',
    ],
  },
];
