/** Every workflow the mediators' workers run. */
export { orderMediator } from './order-mediator.ts';
export { reconciler } from './reconciler.ts';
export { replenishment } from './replenishment.ts';
