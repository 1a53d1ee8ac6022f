/** One thing that a person does with a task, sent and answered. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { TaskCard } from '../../../client.ts';

export interface Done {
  readonly message: string;
  readonly task: TaskCard; // what to look at next
}

/** Runs one deed; whatever came of it, every view reads again. */
export function useDeed<T extends Done, V = void>(run: (given: V) => Promise<T>, done: (result: T) => void) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: run, onSuccess: done, onSettled: () => queries.invalidateQueries() });
}
