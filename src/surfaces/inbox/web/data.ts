/** What the page knows, kept fresh by the stream: anything recorded anywhere makes every view read again. */
import { useInfiniteQuery, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Outputs, TaskPage } from '../../../client.ts';
import { leftOut } from '../../left-out.ts';
import { api, Refused } from './api.ts';
import type { first } from './first.ts';
import { follow } from './follow.ts';
import type { Me, Named } from './words.ts';

const SAFETY_MS = 60_000; // where a stream is cut without saying so

const PAGED = { initialPageParam: '', getNextPageParam: ({ next }: TaskPage) => next };

/** What was loaded of a list, each task once: between two pages one may have moved. */
function asOne({ pages }: { readonly pages: readonly TaskPage[] }) {
  const tasks = [...new Map(pages.flatMap((page) => page.tasks).map((task) => [task.id, task])).values()];
  const last = pages.at(-1);
  return { tasks, says: last && leftOut(last, tasks.length) };
}

export const useMe = () => useQuery({ queryKey: ['me'], queryFn: api.me, retry: (tries, error) => tries < 3 && !signedOut(error) });
export const usePlace = () => useQuery({ queryKey: ['place'], queryFn: api.place, refetchInterval: SAFETY_MS });
export const useWaiting = () =>
  useInfiniteQuery({ ...PAGED, queryKey: ['waiting'], queryFn: ({ pageParam }) => api.waiting(pageParam), select: asOne, refetchInterval: SAFETY_MS });
export const useDecided = (text: string) =>
  useInfiniteQuery({
    ...PAGED,
    queryKey: ['decided', text],
    queryFn: ({ pageParam }) => api.decided(text, pageParam),
    select: asOne,
    placeholderData: (before) => before,
  });
export const useWhy = (id: string) => useQuery({ queryKey: ['why', id], queryFn: () => api.why(id) });

/** What was asked for early: who is signed in is answered beside what waits, and not before it. */
export function readAhead(queries: QueryClient, asked: typeof first): void {
  const { waiting, ...others } = asked;
  void queries.prefetchInfiniteQuery({ ...PAGED, queryKey: ['waiting'], queryFn: () => waiting, retry: false });
  for (const [name, answer] of Object.entries<Promise<unknown>>(others)) void queries.prefetchQuery({ queryKey: [name], queryFn: () => answer, retry: false });
}

/** What this person was asked themselves, and has not answered. */
export function useOwn({ person }: Me): { readonly consents: Outputs['consents']; readonly duties: Outputs['tasks'] } {
  const consents = useQuery({ queryKey: ['consents'], queryFn: api.consents, refetchInterval: SAFETY_MS }).data ?? [];
  const duties = useQuery({ queryKey: ['duties'], queryFn: api.duties, refetchInterval: SAFETY_MS }).data ?? [];
  return {
    consents: consents.filter((one) => one.person === person && one.state === 'asked'),
    duties: duties.filter((one) => one.person === person && one.done === null),
  };
}

/** What this person is told of their own shifts: it asks nothing, and nothing counts it. */
export const useTold = ({ person }: Me): Outputs['rota_changes'] =>
  (useQuery({ queryKey: ['rota-changes'], queryFn: api.rotaChanges, refetchInterval: SAFETY_MS }).data ?? []).filter((one) => one.person === person);

/** @param enabled whether they are read at all: they bring what they would have changed */
export const useAmendments = (enabled = true) => useQuery({ queryKey: ['amendments'], queryFn: api.amendments, refetchInterval: SAFETY_MS, enabled });

export const useRules = () => useQuery({ queryKey: ['rules'], queryFn: api.rules });
export const useRuleTemplates = () => useQuery({ queryKey: ['rule-templates'], queryFn: api.ruleTemplates, staleTime: SAFETY_MS });

export const usePictures = () => useQuery({ queryKey: ['pictures'], queryFn: api.pictures });
export const usePicture = (name: string | undefined) =>
  useQuery({ queryKey: ['picture', name], queryFn: () => api.picture(name ?? ''), enabled: name !== undefined });

export function useTask(id: string | undefined) {
  const known = useWaiting().data?.tasks.find((task) => task.id === id);
  return useQuery({ queryKey: ['task', id], queryFn: () => api.task(id ?? ''), enabled: id !== undefined, placeholderData: () => known });
}

/** People's names by their ids; the id itself until they are known. */
export function useNames(): Named {
  const people = useQuery({ queryKey: ['people'], queryFn: api.people, staleTime: SAFETY_MS }).data;
  return (person) => people?.find(({ id }) => id === person)?.name ?? person;
}

export const signedOut = (error: unknown): boolean => error instanceof Refused && (error.status === 401 || error.status === 403);

/** What every view stands on: who is signed in, and where. */
export interface Here {
  readonly me: Me;
  readonly place: Outputs['place'] | undefined;
  readonly named: Named;
}

/**
 * Reads again whenever something was recorded. A hidden page listens to nothing: browsers allow six connections to one server.
 * @returns whether later pages took its place
 */
export function useStream(): boolean {
  const queries = useQueryClient();
  const [overtaken, setOvertaken] = useState(false);
  useEffect(() => {
    let stop = new AbortController();
    const again = () => void queries.invalidateQueries();
    const listen = () => {
      stop.abort();
      stop = new AbortController();
      setOvertaken(false);
      if (!document.hidden) void follow(again, () => setOvertaken(true), stop.signal);
    };
    listen();
    document.addEventListener('visibilitychange', listen);
    return () => {
      stop.abort();
      document.removeEventListener('visibilitychange', listen);
    };
  }, [queries]);
  return overtaken;
}
