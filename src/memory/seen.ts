/** What an event tells, for whoever may see it. Pure. */
import type { ReadableEvent } from './why.ts';

/** Which hold nothing of any record: that something took place, and by whom. Everybody who works here may see them. */
const OF_THE_HOUSE = /^(organization|constitution|amendment|level|clock|token|slack|review|halt|cost|message|keys)\./;

export const ofTheHouse = ({ type }: Pick<ReadableEvent, 'type'>): boolean => OF_THE_HOUSE.test(type);

/** The event's place in the chain, and nothing of what it says. */
export const withheld = (event: ReadableEvent): ReadableEvent => ({ ...event, groups: {} });
