/** The routes of the page, described for OpenAPI. Each is one operation of the client; nothing here decides. */
import { createRoute, z } from '@hono/zod-openapi';
import { Digest } from '../../kernel/digest.ts';
import { Text } from '../../kernel/text.ts';
import { inputs, type Outputs, type TaskCard } from '../../client.ts';

const json = <S extends z.ZodType>(description: string, schema: S) => ({ description, content: { 'application/json': { schema } } });
const body = <S extends z.ZodType>(schema: S) => ({ required: true, content: { 'application/json': { schema } } });
/** An output of the client, whose shape `client.ts` declares. */
const output = <T>(description: string) => json(description, z.custom<T>().openapi({ type: 'object', description }));

const Problem = z.object({ type: z.string(), title: z.string(), detail: z.string(), exit: z.int() });
const refusals = {
  400: json('It cannot be done as it is', Problem),
  401: json('Nobody is signed in', Problem),
  403: json('This person, or this page, may not', Problem),
  500: json('A fault of ours', Problem),
  503: json('Something that this stands on does not answer', Problem),
};
const answers = <T>(description: string) => ({ 200: output<T>(description), ...refusals });
const one = z.object({ id: inputs.task.shape.id });

/** Any JSON, said as such: its schema holds itself, and OpenAPI's generator would not come to an end. */
const args = z.record(z.string(), z.json()).openapi({ type: 'object', additionalProperties: true });

/** Of the page each vote names the digest that it shows. */
const Vote = z.strictObject({ digest: Digest, choice: z.enum(['approve', 'decline']), reason: Text.max(2_000) });

export const routes = {
  link: createRoute({
    method: 'post',
    path: '/api/links',
    responses: { 200: json('A code for one session', z.object({ code: z.string() })), ...refusals },
  }),
  signIn: createRoute({
    method: 'post',
    path: '/api/session',
    request: { body: body(z.strictObject({ code: z.string().min(20).max(80), instead: z.boolean().exactOptional() })) }, // instead: of somebody else
    responses: {
      ...answers<Outputs['me'] & { readonly page: string }>('Who signed in, and what their pages send'),
      409: json('Somebody else is signed in', Problem),
    },
  }),
  signOut: createRoute({
    method: 'post',
    path: '/api/session/end',
    responses: { 200: json('Signed out', z.object({ ended: z.boolean() })), ...refusals },
  }),
  me: createRoute({ method: 'get', path: '/api/me', responses: answers<Outputs['me']>('Who is signed in') }),
  people: createRoute({ method: 'get', path: '/api/people', responses: answers<Outputs['people']>('Everybody, with their roles') }),
  place: createRoute({ method: 'get', path: '/api/place', responses: answers<Outputs['place']>('The organization now') }),
  waiting: createRoute({
    method: 'get',
    path: '/api/tasks',
    request: { query: inputs.inbox.pick({ after: true }) },
    responses: answers<Outputs['inbox']>('What waits for people, as this person has it'),
  }),
  decided: createRoute({
    method: 'get',
    path: '/api/decided',
    request: { query: inputs.search },
    responses: answers<Outputs['search']>('What was decided, the last first'),
  }),
  task: createRoute({ method: 'get', path: '/api/tasks/{id}', request: { params: one }, responses: answers<TaskCard>('One task') }),
  why: createRoute({ method: 'get', path: '/api/tasks/{id}/why', request: { params: one }, responses: answers<Outputs['why']>('Its chain of causes') }),
  pictures: createRoute({ method: 'get', path: '/api/pictures', responses: answers<Outputs['pictures']>('What there is to look at') }),
  picture: createRoute({
    method: 'get',
    path: '/api/pictures/{name}',
    request: { params: inputs.picture },
    responses: answers<Outputs['picture']>('One picture, as data'),
  }),
  decide: createRoute({
    method: 'post',
    path: '/api/tasks/{id}/decision',
    request: { params: one, body: body(inputs.decide.omit({ id: true })) },
    responses: answers<Outputs['decide']>('Whether the vote counted'),
  }),
  edit: createRoute({
    method: 'post',
    path: '/api/tasks/{id}/edit',
    request: { params: one, body: body(inputs.edit.omit({ id: true }).extend({ args })) },
    responses: answers<Outputs['edit']>('The new proposal'),
  }),
  nudge: createRoute({
    method: 'post',
    path: '/api/tasks/{id}/nudge',
    request: { params: one, body: body(inputs.nudge.omit({ id: true })) },
    responses: answers<Outputs['nudge']>('Whether that person was asked by name'),
  }),
  respond: createRoute({
    method: 'post',
    path: '/api/tasks/{id}/response',
    request: { params: one, body: body(inputs.respond.omit({ id: true })) },
    responses: answers<Outputs['respond']>('The turn that the agent answers'),
  }),
  consents: createRoute({ method: 'get', path: '/api/consents', responses: answers<Outputs['consents']>('Who was asked whether they take a shift') }),
  rotaChanges: createRoute({
    method: 'get',
    path: '/api/rota-changes',
    responses: answers<Outputs['rota_changes']>('Whose shifts were changed without their own word on it'),
  }),
  answerConsent: createRoute({
    method: 'post',
    path: '/api/consents/{id}',
    request: { params: z.object({ id: inputs.answer_consent.shape.id }), body: body(inputs.answer_consent.omit({ id: true })) },
    responses: answers<Outputs['answer_consent']>('What was answered'),
  }),
  duties: createRoute({ method: 'get', path: '/api/duties', responses: answers<Outputs['tasks']>('What people were asked to see to') }),
  finishDuty: createRoute({
    method: 'post',
    path: '/api/duties/{id}/done',
    request: { params: inputs.finish_task },
    responses: answers<Outputs['finish_task']>('What is done'),
  }),
  amendments: createRoute({
    method: 'get',
    path: '/api/amendments',
    responses: answers<Outputs['amendments']>('Amendments, the last proposed first'),
  }),
  ratify: createRoute({
    method: 'post',
    path: '/api/amendments/{id}/vote',
    request: { params: z.object({ id: inputs.amendment.shape.id }), body: body(Vote) },
    responses: answers<Outputs['ratify']>('Whether the vote counted'),
  }),
  rules: createRoute({ method: 'get', path: '/api/rules', responses: answers<Outputs['rules']>('Rules of the organization’s own, in words') }),
  ruleTemplates: createRoute({ method: 'get', path: '/api/rule-templates', responses: answers<Outputs['rule_templates']>('What rules are made of') }),
  previewRule: createRoute({
    method: 'post',
    path: '/api/rules/preview',
    request: { body: body(inputs.rule_preview) },
    responses: answers<Outputs['rule_preview']>('The rule in words, and the decisions that would have been others'),
  }),
  proposeRule: createRoute({
    method: 'post',
    path: '/api/rules',
    request: { body: body(inputs.rule_change.required()) },
    responses: answers<Outputs['rule_change']>('The amendment that it is now'),
  }),
  answer: createRoute({
    method: 'get',
    path: '/api/turns/{turn}',
    request: { params: inputs.answer },
    responses: answers<Outputs['answer']>('What the agent answered'),
  }),
} as const;
