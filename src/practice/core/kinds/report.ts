import { TargetV1 } from '../../../chain/bcs/index.ts'
import type { SomaId } from '../../../chain/ids.ts'
import { ExecutionFailure, refuse } from '../execution-failure.ts'
import type { TransactionScope } from '../transaction-scope.ts'
import { requireValidator, withoutReporter, withReporter } from '../voting.ts'

/** Protocol 5.5: validators report an active model; a quorum slashes it at the end of the epoch. */
export function reportModel({ state, sender }: TransactionScope, modelId: SomaId): void {
  requireValidator(state, sender)
  const { models, modelReportRecords } = state.modelRegistry
  const model = models.get(modelId)
  if (model === undefined) refuse('ModelNotFound')
  if (model.$kind !== 'Active') refuse('ModelNotActive')
  modelReportRecords.set(modelId, withReporter(modelReportRecords.get(modelId), sender))
}

export function undoReportModel({ state, sender }: TransactionScope, modelId: SomaId): void {
  requireValidator(state, sender)
  const { modelReportRecords } = state.modelRegistry
  const rest = withoutReporter(modelReportRecords.get(modelId), sender)
  if (rest === undefined) modelReportRecords.delete(modelId)
  else modelReportRecords.set(modelId, rest)
}

/** Protocol 8.4: validators report a submission in the epoch after it filled its target, and only then. */
export function reportSubmission(scope: TransactionScope, targetId: SomaId): void {
  const target = auditedTarget(scope, targetId)
  writeReports(scope, targetId, target, withReporter(target.submissionReports, scope.sender))
}

export function undoReportSubmission(scope: TransactionScope, targetId: SomaId): void {
  const target = auditedTarget(scope, targetId)
  const rest = withoutReporter(target.submissionReports, scope.sender)
  writeReports(scope, targetId, target, rest ?? [])
}

function auditedTarget(scope: TransactionScope, targetId: SomaId): TargetV1 {
  requireValidator(scope.state, scope.sender)
  const target = scope.target(targetId)
  if (target.status.$kind !== 'Filled') refuse('TargetNotFilled')
  const { fillEpoch } = target.status.Filled
  if (scope.state.epoch !== fillEpoch + 1n) {
    throw new ExecutionFailure({ AuditWindowClosed: { fillEpoch, currentEpoch: scope.state.epoch } })
  }
  return target
}

function writeReports(
  scope: TransactionScope,
  targetId: SomaId,
  target: TargetV1,
  submissionReports: SomaId[],
): void {
  scope.write(targetId, TargetV1.serialize({ ...target, submissionReports }).toBytes())
}

/** Validators report one another; a quorum of reporters cuts the reported one's rewards on a node. */
export function reportValidator({ state, sender }: TransactionScope, reportee: SomaId): void {
  requireValidator(state, sender)
  if (reportee === sender) refuse('CannotReportOneself')
  const records = state.validatorReportRecords
  records.set(reportee, withReporter(records.get(reportee), sender))
}

export function undoReportValidator({ state, sender }: TransactionScope, reportee: SomaId): void {
  requireValidator(state, sender)
  const records = state.validatorReportRecords
  const rest = withoutReporter(records.get(reportee), sender)
  if (rest === undefined) records.delete(reportee)
  else records.set(reportee, rest)
}
