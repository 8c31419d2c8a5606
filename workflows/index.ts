/** Every workflow the mediators' workers run. */
export { customerMediator } from './customer-mediator.ts';
export { orderMediator } from './order-mediator.ts';
export { reconciler } from './reconciler.ts';
export { repairCase } from './repair-case.ts';
export { replenishment } from './replenishment.ts';
export { returnsMediator } from './returns-mediator.ts';
