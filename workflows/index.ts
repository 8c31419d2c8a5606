/** Every workflow the mediators' workers run. */
export { orderMediator } from './order-mediator.ts';
export { replenishment } from './replenishment.ts';
