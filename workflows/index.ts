/** Every workflow the mediators' workers run. */
export { bulk } from './bulk/mediator.ts';
export { customerMediator } from './customer/mediator.ts';
export { orderMediator } from './order/mediator.ts';
export { prune } from './prune/mediator.ts';
export { reconciler } from './reconciler/mediator.ts';
export { repairCase } from './repair/mediator.ts';
export { replenishment } from './replenishment/mediator.ts';
export { returnsMediator } from './returns/mediator.ts';
