/** Events -> why: the chain of causes above one event, oldest first. Pure. */
import type { Group } from '../kernel/events.ts';
import type { EventId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/nouns.ts';
import type { Instant } from '../kernel/time.ts';

/** An event as it can be read now: a group whose key was destroyed is absent. */
export interface ReadableEvent {
  readonly id: EventId;
  readonly type: string;
  readonly leaf: string; // SHA-256 of its place in the log, hexadecimal: what a proof over the log will be about
  readonly causes: readonly EventId[];
  readonly correlation: string;
  readonly wall: Instant;
  readonly business: Instant;
  readonly groups: Partial<Record<Group, JsonObject>>;
  readonly erased: readonly Group[];
}

/** Causes before effects; among equals the earlier first. Every event of the set appears once. */
export function causalOrder(events: readonly ReadableEvent[]): readonly ReadableEvent[] {
  const known = new Map(events.map((event) => [event.id, event]));
  const placed = new Set<EventId>();
  const order: ReadableEvent[] = [];
  const place = (event: ReadableEvent): void => {
    if (placed.has(event.id)) return;
    placed.add(event.id);
    for (const cause of [...event.causes].sort()) {
      const above = known.get(cause);
      if (above) place(above);
    }
    order.push(event);
  };
  for (const event of [...events].sort((a, b) => (a.wall === b.wall ? (a.id < b.id ? -1 : 1) : a.wall < b.wall ? -1 : 1))) place(event);
  return order;
}

/**
 * Unrelated events apart: each story is what hangs together by causes, told oldest first. Stories are in the order of their
 * first events.
 */
export function stories(events: readonly ReadableEvent[]): readonly (readonly ReadableEvent[])[] {
  const story = new Map<EventId, ReadableEvent[]>();
  for (const event of causalOrder(events)) {
    const above = [...new Set(event.causes.flatMap((cause) => [story.get(cause) ?? []].filter(({ length }) => length > 0)))];
    const [first = [], ...others] = above;
    for (const other of others) first.push(...other);
    first.push(event);
    for (const one of first) story.set(one.id, first);
  }
  return [...new Set(story.values())].map(causalOrder);
}
