/** Nobody is planned for a day on which they are away. */
import { plannedWhileAway } from '../faults.ts';
import { faultReconciler } from '../fault-reconciler.ts';

export const plannedAway = faultReconciler('staffing.planned_away', plannedWhileAway, true);
