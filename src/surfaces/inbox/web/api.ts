/** The page's way to the server. Every call is the signed-in person's; what cannot be done comes back in words. */
import { z } from 'zod';
import { visible } from '../../visible.ts';
import { masked } from './masked.ts';
import { keepSigned, pageHeader } from './signed.ts';
import type { Input, Outputs, TaskCard } from '../../../client.ts';

/** What the server answered instead. `status` is HTTP's; 0 where it was not reached. */
export class Refused extends Error {
  override readonly name = 'Refused';
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

async function call<T>(path: string, body?: object): Promise<T> {
  const headers = pageHeader();
  const init = body === undefined ? { headers } : { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, init).catch(() => undefined);
  if (!response) throw new Refused(0, 'Charter does not answer. What was recorded is not lost; this page goes on when it is back.');
  if (response.ok) {
    return z.custom<T>().parse(masked(await response.json())); // our own API's answer, of the shape that its routes declare
  }
  const problem: { detail?: string } = await response.json().catch(() => ({}));
  throw new Refused(response.status, visible(problem.detail ?? `The server answered ${response.status}.`));
}

const task = (id: string): string => `/api/tasks/${encodeURIComponent(id)}`;

export const api = {
  /** @param instead of whoever else is signed in */
  async signIn(code: string, instead: boolean): Promise<void> {
    const { person, page } = await call<Outputs['me'] & { readonly page: string }>('/api/session', { code, instead });
    keepSigned({ person, page });
  },
  async signOut(): Promise<void> {
    await call('/api/session/end', {}).finally(() => keepSigned(undefined));
  },
  me: () => call<Outputs['me']>('/api/me'),
  people: () => call<Outputs['people']>('/api/people'),
  place: () => call<Outputs['place']>('/api/place'),
  /** @param after the last task of the page before; empty for the first page */
  waiting: (after: string) => call<Outputs['inbox']>(after === '' ? '/api/tasks' : `/api/tasks?after=${encodeURIComponent(after)}`),
  decided: (text: string, after: string) =>
    call<Outputs['search']>(`/api/decided?text=${encodeURIComponent(text)}${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`),
  task: (id: string) => call<TaskCard>(task(id)),
  why: (id: string) => call<Outputs['why']>(`${task(id)}/why`),
  decide: (id: string, vote: Omit<Input<'decide'>, 'id'>) => call<Outputs['decide']>(`${task(id)}/decision`, vote),
  edit: (id: string, edit: Omit<Input<'edit'>, 'id'>) => call<Outputs['edit']>(`${task(id)}/edit`, edit),
  nudge: (id: string, asked: Omit<Input<'nudge'>, 'id'>) => call<Outputs['nudge']>(`${task(id)}/nudge`, asked),
  respond: (id: string, said: Omit<Input<'respond'>, 'id'>) => call<Outputs['respond']>(`${task(id)}/response`, said),
  pictures: () => call<Outputs['pictures']>('/api/pictures'),
  picture: (name: string) => call<Outputs['picture']>(`/api/pictures/${encodeURIComponent(name)}`),
  consents: () => call<Outputs['consents']>('/api/consents'),
  rotaChanges: () => call<Outputs['rota_changes']>('/api/rota-changes'),
  answerConsent: (id: string, word: Input<'answer_consent'>['word']) => call<Outputs['answer_consent']>(`/api/consents/${encodeURIComponent(id)}`, { word }),
  duties: () => call<Outputs['tasks']>('/api/duties'),
  finishDuty: (id: string) => call<Outputs['finish_task']>(`/api/duties/${encodeURIComponent(id)}/done`, {}),
  amendments: () => call<Outputs['amendments']>('/api/amendments'),
  ratify: (id: string, vote: Pick<Required<Input<'ratify'>>, 'digest' | 'choice' | 'reason'>) =>
    call<Outputs['ratify']>(`/api/amendments/${encodeURIComponent(id)}/vote`, vote),
  rules: () => call<Outputs['rules']>('/api/rules'),
  ruleTemplates: () => call<Outputs['rule_templates']>('/api/rule-templates'),
  previewRule: (change: Input<'rule_preview'>['change']) => call<Outputs['rule_preview']>('/api/rules/preview', { change }),
  proposeRule: (proposed: Required<Input<'rule_change'>>) => call<Outputs['rule_change']>('/api/rules', proposed),
  answer: (turn: string) => call<Outputs['answer']>(`/api/turns/${encodeURIComponent(turn)}`),
};
