'use client';

import { useState } from 'react';
import { api, unwrap } from '@/lib/api/client';
import { useAction } from '@/lib/api/use-action';
import type { Plan } from '../queries';
import { atSpec, editList, withEdit, type Edit, type Edits } from './edits';

/** A plan of the conversation: what the user said to get it, and the edits of its cards with the plan that they make. */
type Step = { said: string | null; plan: Plan; edits: Edits; edited: Plan | null };

/** What is asked of the planner. `at` names the control that asked, so that it shows its progress and its error. */
type Ask = { at: string; body: Parameters<typeof continuePlan>[0]; next: (plan: Plan) => Step[] };

function continuePlan(body: { plan_id: string; answer?: string; edits?: ReturnType<typeof editList> }): Promise<Plan> {
  return unwrap(api.POST('/planner/plan', { body }));
}

/** A plan that goes on: it is answered, changed by words, and its cards are edited. Nothing is applied. */
export function usePlanSession(root: Plan) {
  const [steps, setSteps] = useState<Step[]>([{ said: null, plan: root, edits: {}, edited: null }]);
  const step = steps.at(-1)!;
  const earlier = steps.slice(0, -1);
  const current = step.edited ?? step.plan;
  const planning = useAction({
    quiet: true,
    run: ({ body }: Ask) => continuePlan(body),
    onSuccess: (plan, { next }) => setSteps(next(plan)),
  });
  const { variables, isPending } = planning;
  const replace = (edits: Edits, edited: Plan | null) => [...earlier, { ...step, edits, edited }];
  const ask = (asked: Ask, onDone?: () => void) => planning.mutate(asked, { onSuccess: onDone });
  return {
    /** The plan that would be applied. */
    current,
    /** The plan before the edits of its cards. */
    base: step.plan,
    edits: step.edits,
    /** The answers and changes in words, in their order. */
    said: steps.flatMap((each) => each.said ?? []),
    isPending,
    /** The control whose request is under way. */
    pendingAt: isPending ? (variables?.at ?? null) : null,
    /** The refusal of the last request, for the control that asked. */
    errorAt: (at: string) => (!isPending && planning.error && variables?.at === at ? atSpec(planning.error) : null),
    say: (at: string, answer: string, onDone?: () => void) =>
      ask({ at, body: { plan_id: current.plan_id, answer }, next: (plan) => [...steps, { said: answer, plan, edits: {}, edited: null }] }, onDone),
    edit: (at: string, jobId: string, edit: Edit, onDone?: () => void) => {
      const edits = withEdit(step.edits, jobId, edit);
      if (Object.keys(edits).length === 0) {
        planning.reset();
        setSteps(replace(edits, null));
        onDone?.();
        return;
      }
      ask({ at, body: { plan_id: step.plan.plan_id, edits: editList(edits) }, next: (plan) => replace(edits, plan) }, onDone);
    },
    /** The plan before the last answer or change in words; null if there is none. */
    undo: steps.length > 1 ? () => (planning.reset(), setSteps(earlier)) : null,
  };
}

export type PlanSession = ReturnType<typeof usePlanSession>;
