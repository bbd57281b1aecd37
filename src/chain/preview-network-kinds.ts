import { toHex } from '../lib/hex.ts'
import { compactAddress } from '../lib/soma-address.ts'
import type { TransactionKind } from './bcs/transaction.ts'
import { modelFact, type PartialExplanation, type PreviewFact, percent, targetFact } from './preview-words.ts'
import type { SystemStateView } from './system-state-view.ts'

type NetworkKind = Extract<
  TransactionKind,
  {
    $kind:
      | 'Genesis'
      | 'ConsensusCommitPrologueV1'
      | 'ChangeEpoch'
      | 'AddValidator'
      | 'RemoveValidator'
      | 'ReportValidator'
      | 'UndoReportValidator'
      | 'UpdateValidatorMetadata'
      | 'SetCommissionRate'
      | 'ReportModel'
      | 'UndoReportModel'
      | 'ReportSubmission'
      | 'UndoReportSubmission'
  }
>

const validatorsOnly = 'The network accepts it from active validators only.'
const reportPublic = ['Now: that this account reported, and whom.']

/** Transactions of validators and of the network itself, in words. */
export function explainNetworkKind(kind: NetworkKind, { parameters }: SystemStateView): PartialExplanation {
  switch (kind.$kind) {
    case 'Genesis':
    case 'ConsensusCommitPrologueV1':
    case 'ChangeEpoch':
      return {
        title: 'A transaction of the network itself',
        changes: ['Only validators together make this one; no account can send it.'],
        risks: ['Nobody has a reason to ask you for this signature: do not give it.'],
      }
    case 'AddValidator':
      return {
        title: 'Become a validator',
        changes: ['This account asks to join the validators with the keys and addresses below.'],
        becomesPublic: ['Now: the keys and the network addresses of your machine.'],
        risks: ['Validators that do not work can be reported by the others.'],
        facts: bytesFacts(kind.AddValidator),
      }
    case 'RemoveValidator':
      return {
        title: 'Leave the validators',
        changes: ['This account asks to stop validating at the end of the epoch.'],
        becomesPublic: ['Now: that it leaves.'],
        facts: bytesFacts(kind.RemoveValidator),
      }
    case 'UpdateValidatorMetadata': {
      const facts = bytesFacts(kind.UpdateValidatorMetadata)
      return {
        title: 'Change a validator’s addresses or keys',
        changes: [
          facts.length === 0
            ? 'It names nothing to change.'
            : 'From the next epoch on this account’s validator uses the values below.',
        ],
        becomesPublic: ['Now: the new values.'],
        risks: ['A validator whose new values are wrong cannot be reached.'],
        facts,
      }
    }
    case 'SetCommissionRate': {
      const { newRate } = kind.SetCommissionRate
      return {
        title: 'Change a validator’s commission',
        changes: [
          `From the next epoch on the commission of this account’s validator is ${percent(newRate)}.`,
        ],
        becomesPublic: ['Now: the new rate.'],
        facts: [{ name: 'rate', label: 'Commission', value: percent(newRate) }],
      }
    }
    case 'ReportValidator':
    case 'UndoReportValidator': {
      const undo = kind.$kind === 'UndoReportValidator'
      const { reportee } = undo ? kind.UndoReportValidator : kind.ReportValidator
      return {
        title: undo ? 'Take back a report of a validator' : 'Report a validator',
        changes: [
          undo
            ? `Your report of validator ${compactAddress(reportee)} no longer counts.`
            : `You report validator ${compactAddress(reportee)}; what enough reports do to it is decided at the end of the epoch.`,
        ],
        becomesPublic: reportPublic,
        risks: [validatorsOnly],
        facts: [{ name: 'validator', label: 'Validator', value: reportee }],
      }
    }
    case 'ReportModel':
    case 'UndoReportModel': {
      const undo = kind.$kind === 'UndoReportModel'
      const { modelId } = undo ? kind.UndoReportModel : kind.ReportModel
      return {
        title: undo ? 'Take back a report of a model' : 'Report a model',
        changes: [
          undo
            ? `Your report of model ${compactAddress(modelId)} no longer counts.`
            : `You report model ${compactAddress(modelId)}; if validators with two thirds of the votes do in this epoch, it loses ${percent(parameters.modelTallySlashRateBps)} of its stake and becomes inactive.`,
        ],
        becomesPublic: reportPublic,
        risks: [validatorsOnly],
        facts: [modelFact(modelId)],
      }
    }
    case 'ReportSubmission':
    case 'UndoReportSubmission': {
      const undo = kind.$kind === 'UndoReportSubmission'
      const { targetId } = undo ? kind.UndoReportSubmission : kind.ReportSubmission
      return {
        title: undo ? 'Take back a report of a submission' : 'Report a submission',
        changes: [
          undo
            ? `Your report of the data in target ${compactAddress(targetId)} no longer counts.`
            : `You report the data in target ${compactAddress(targetId)}; if validators with two thirds of the votes do, its bond is split among the reporters and its reward goes back to the pool.`,
        ],
        becomesPublic: reportPublic,
        risks: [validatorsOnly, 'It counts only in the epoch after the target was filled.'],
        facts: [targetFact(targetId)],
      }
    }
    default:
      return kind satisfies never
  }
}

/** Byte fields that are there: addresses as text where they are one, keys as hex. */
function bytesFacts(fields: Readonly<Record<string, Uint8Array | null>>): PreviewFact[] {
  return Object.entries(fields).flatMap(([field, bytes]): PreviewFact[] =>
    bytes === null ? [] : [{ name: 'metadata', label: fieldWords(field), value: addressText(bytes) }],
  )
}

function fieldWords(field: string): string {
  const words = field
    .replace(/^nextEpoch/, '')
    .replace(/Bytes$/, '')
    .replace(/(?<=[a-z])(?=[A-Z0-9])/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** `/ip4/...` out of its BCS string; anything else as hex. */
function addressText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(1))
  return bytes[0] === bytes.length - 1 && /^\/[\x20-\x7e]+$/.test(text) ? text : toHex(bytes)
}
