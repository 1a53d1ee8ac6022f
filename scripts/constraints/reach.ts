/** How far agents reach: the first two constraints. Part of `list.ts`. */
import { CASES, DATABASE, PROCESS, PROVED, type Constraint } from './constraint.ts';

export const reach: readonly Constraint[] = [
  {
    name: 'NO_SELF_REPLICATION',
    law: 'No tool creates agents, workers, schedules or credentials; the register of agents changes by a ratified amendment alone; how deep agents ask each other, and how much they propose, is bounded.',
    articles: ['replication.chain', 'replication.rate.agent', 'replication.rate.person'],
    invariants: ['never.deep', 'never.flood'],
    enforced: [
      {
        file: 'src/activities/requests.ts',
        names: ['mayAsk', 'MOST_REQUESTS'],
        how: 'nobody is asked who stands in the chain already; one ask asks three others at most',
      },
      {
        file: 'src/adapters/postgres/rows-facts.ts',
        names: ['chainSql', 'calls_agent', 'calls_person'],
        how: 'the length of the chain and the rates are read from rows, in the statement of the judgment',
      },
      { file: 'src/activities/reads.ts', names: ['judgeRead'], how: 'reads at the end of a chain that is too long are denied as well' },
      {
        file: 'src/binding.ts',
        names: ['bind'],
        how: 'a tool gets the ports of its own domain and nothing else: none of them makes a token, a level, a schedule or an agent',
      },
      { file: 'src/bundle.ts', names: ['draftBundle'], how: 'agents and their tools are part of the digest that owners vote on' },
    ],
    tests: [
      {
        file: 'test/adversary/no-self-replication.test.ts',
        names: [
          'a thousand attempts make no agent, schedule or credential, no chain over three hops and no flood',
          'the same attempts do where the articles about chains and rates are struck, and where a tool hands out levels',
        ],
      },
      {
        file: 'test/scenarios/requests.test.ts',
        names: [
          'nobody is asked in a circle; it is refused, and told',
          'one ask asks three others at most',
          'three hops are judged on, a fourth is denied by the constitution, reads included',
        ],
      },
      PROVED,
      CASES,
    ],
    assumed: [DATABASE, PROCESS, 'Proposals that were denied do not count for the rate: they cost judgments, and move nothing.'],
  },
  {
    name: 'NO_EXFILTRATION',
    law: 'What is above public leaves the house to nobody whom a record or the owner does not vouch for, and inside it reaches nobody who may not see it.',
    articles: [
      'exfiltration.outbound',
      'surfaces.channel',
      'surfaces.house',
      'surfaces.restricted',
      'surfaces.private',
      'sight.read',
      'models.restricted',
      'models.kinds',
      'models.open',
      'imported.private',
      'imported.leak',
    ],
    invariants: ['never.out.unvouched'],
    enforced: [
      { file: 'src/activities/sight.ts', names: ['sightOf'], how: 'each thing that a surface shows is judged as a read for that person' },
      { file: 'src/activities/reads.ts', names: ['judgedReads', 'ReadDenied'], how: 'an agent reads for a person only what that person may see' },
      {
        file: 'src/activities/slack/messages.ts',
        names: ['answerInSlack', 'sayAside'],
        how: 'an answer has the class of what it rests on, and is judged before it is a row that the courier sends',
      },
      {
        file: 'src/gate/provenance.ts',
        names: ['provenance'],
        how: 'a recipient or text that only an outsider vouches for is untrusted, however the model rewrites it',
      },
      {
        file: 'src/activities/consult.ts',
        names: ['destinationFor', 'recordTold'],
        how: 'each call of a model is judged for its destination and on record before it leaves',
      },
      { file: 'src/deliberate/sealed.ts', names: ['Sealing'], how: 'bank details, wages and health stand behind names in all that a model is told' },
      { file: 'src/adapters/postgres/operations.ts', names: ['operationsWrites'], how: 'an order leaves to the declared supplier of its item alone' },
    ],
    tests: [
      {
        file: 'test/adversary/no-exfiltration.test.ts',
        names: [
          'a thousand attempts tell nobody what they may not see, and nothing to guests',
          'the same attempts do where the articles of sight and of channels are struck',
        ],
      },
      {
        file: 'test/scenarios/told.test.ts',
        names: [
          'stand behind names on the wire, and are there again for the person who asked',
          'is judged and on record with what it told, before it leaves',
          'over an open line tells nothing, and nothing is sent',
        ],
      },
      {
        file: 'test/scenarios/sight.test.ts',
        names: ['nor in a shared thread, where finance asked the same before him', 'a person who has left sees nothing from the next call on'],
      },
      PROVED,
      CASES,
    ],
    assumed: [
      DATABASE,
      'Each tool declares its class truly; a class belongs to a tool, and not to a single field.',
      'Slack says truly who reads along in a channel.',
    ],
    toCome: [
      'In free text account numbers alone are recognised before it goes to a model; wages and health that somebody writes out in words are not.',
      'Who read what is judged and not recorded.',
    ],
  },
];
