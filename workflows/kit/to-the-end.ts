import { workflowInfo } from '@temporalio/workflow';

/**
 * The option of a workflow that moves to the current version as it goes, where an order stays on its own (docs/adr/0008).
 * Temporal refuses it from a worker without a version, as in development.
 */
export const autoUpgrade = (): { versioningBehavior?: 'AUTO_UPGRADE' } =>
  workflowInfo().currentDeploymentVersion?.deploymentName ? { versioningBehavior: 'AUTO_UPGRADE' } : {};
