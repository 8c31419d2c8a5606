import type { NativeConnection } from '@temporalio/worker';
import { searchAttributes } from '../contracts/search-attributes.ts';

/** The codes of gRPC. */
const notFoundCode = 5;

/**
 * Throws a sentence when Temporal does not have this namespace, or when the namespace lacks search attributes of ours:
 * workflow tasks would fail and be tried again for ever. A server that does not let us ask is trusted to have them.
 */
export async function requireNamespace(
  { workflowService, operatorService }: Pick<NativeConnection, 'workflowService' | 'operatorService'>,
  namespace: string,
  runsWorkflows: boolean,
): Promise<void> {
  await workflowService.describeNamespace({ namespace }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== notFoundCode) return;
    const advice = `make it (temporal operator namespace create --namespace ${namespace}), or set TEMPORAL_NAMESPACE`;
    throw new Error(`Temporal has no namespace ${namespace}: ${advice}.`, { cause: error });
  });
  if (!runsWorkflows) return;
  const known = await operatorService.listSearchAttributes({ namespace }).then(
    ({ customAttributes }) => new Set(Object.keys(customAttributes ?? {})),
    () => null,
  );
  const missing = Object.entries(searchAttributes).filter(([name]) => known && !known.has(name));
  if (missing.length === 0) return;
  const make = missing.map(([name, type]) => `--name ${name} --type ${type}`).join(' ');
  throw new Error(
    `Temporal's namespace ${namespace} lacks search attributes: temporal operator search-attribute create --namespace ${namespace} ${make}`,
  );
}
