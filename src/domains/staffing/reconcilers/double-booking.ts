/** Nobody is on two shifts at once. */
import { doubleBookings } from '../faults.ts';
import { faultReconciler } from '../fault-reconciler.ts';

export const doubleBooking = faultReconciler('staffing.double_booking', doubleBookings, false);
