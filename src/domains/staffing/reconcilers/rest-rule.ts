/** Rest between shifts, the longest day, days in a row. */
import { restFaults } from '../faults.ts';
import { faultReconciler } from '../fault-reconciler.ts';

export const restRule = faultReconciler('staffing.rest_rule', restFaults, false);
