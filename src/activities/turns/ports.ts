/** Turns of conversations, as the activities need them of the database: part of `Tx`. */
import type { AgentName, PersonId, ProposalId, TurnId } from '../../kernel/ids.ts';
import type { Classification } from '../../kernel/nouns.ts';
import type { Instant } from '../../kernel/time.ts';

export interface TurnRow {
  readonly id: TurnId;
  readonly conversation: string;
  readonly person: PersonId;
  readonly agent: AgentName;
  readonly content: string;
  readonly about: ProposalId | null; // the task that it asks back about
  readonly state: 'waiting' | 'answered' | 'failed';
  readonly answer: string | null;
  readonly answeredBy: string | null;
  readonly proposals: readonly ProposalId[];
}

export interface TurnAnswer {
  readonly answer: string;
  readonly by: string;
  readonly proposals: readonly ProposalId[];
  readonly classification: Classification | null; // of what it rests on; null: nobody goes on from it
  readonly heardBy: 'asker' | 'thread'; // everybody in a shared thread
}

/** An answered turn, as a later one may go on from it. */
export interface EarlierTurn extends Pick<TurnRow, 'person' | 'content'>, Pick<TurnAnswer, 'answer' | 'heardBy'> {
  readonly name: string; // of the person
  readonly classification: Classification;
}

export interface TurnRows {
  /** False where the same message of the same source is a turn already. */
  addTurn(
    turn: Pick<TurnRow, 'id' | 'conversation' | 'person' | 'agent' | 'content'> & { source: string; message: string; about?: ProposalId },
    at: Instant,
  ): Promise<boolean>;
  turn(id: TurnId): Promise<TurnRow | undefined>;
  nextTurn(conversation: string): Promise<TurnRow | undefined>;
  waitingConversations(): Promise<readonly string[]>;
  /** Answered turns of its conversation and agent that were said before it, the newest first; of what nobody knows how sensitive it is, none. */
  earlierTurns(turn: TurnRow, most: number): Promise<readonly EarlierTurn[]>;
  answerTurn(id: TurnId, answered: TurnAnswer): Promise<void>;
}
