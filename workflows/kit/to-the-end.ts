import {
  allHandlersFinished,
  ApplicationFailure,
  CancellationScope,
  condition,
  workflowInfo,
} from '@temporalio/workflow';

/**
 * Runs a flow so that nothing in it is cut off: Temporal's own cancel only rejects the promise that `flow` gets, and
 * `flow` decides what it means. The workflow ends when everybody who waits for an update's answer has it; a flow that
 * comes to a failure then ends Failed with it.
 */
export function toTheEnd<Outcome>(
  flow: (cancelRequested: Promise<never>) => Promise<Outcome | ApplicationFailure>,
): Promise<Outcome> {
  const { cancelRequested } = CancellationScope.current();
  return CancellationScope.nonCancellable(async () => {
    const outcome = await flow(cancelRequested);
    await condition(allHandlersFinished);
    if (outcome instanceof ApplicationFailure) throw outcome;
    return outcome;
  });
}

/**
 * The option of a workflow that moves to the current version as it goes, where an order stays on its own
 * (docs/adr/0008). Temporal refuses it from a worker without a version, as in development.
 */
export const autoUpgrade = (): { versioningBehavior?: 'AUTO_UPGRADE' } =>
  workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {};
