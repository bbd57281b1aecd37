import { Dropzone } from '@mantine/dropzone'
import type { CorpusSummary } from '../../data/corpus-summary.ts'
import { formatPlural } from '../../lib/format-count.ts'
import { byteText } from '../../ui/byte-text.ts'
import { Card } from '../../ui/card.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Big, LinkButton, Sub } from '../../ui/text.tsx'
import { WorkProgress } from '../../ui/work-progress.tsx'
import { describeRunData } from '../describe-run.ts'
import { filledTargets } from '../model-standing/index.ts'
import { useAct, useStudio, useStudioState } from '../studio-context.tsx'
import { binaryWarning, describeSources, summarySentence } from './corpus-words.ts'
import styles from './train.module.css'

const PREVIEW_BYTES = 320
/** Filled targets that one click adds; more are chosen on the Strategies screen. */
const NEWEST = 50

/** What the next run trains on, and how to change it. */
export function DataCard() {
  const act = useAct()
  const corpus = useStudioState('corpus', (state) => state)
  const { summary } = corpus
  const job = useStudioState('strategy', (state) => state.job)
  const fetching = job?.tab === 'data' ? job : null
  return (
    <Card title="Data">
      <div
        data-testid="corpus-summary"
        aria-busy={corpus.status === 'inspecting' || corpus.status === 'loading'}
      >
        {summary ? <Found summary={summary} /> : <Waiting empty={corpus.status === 'empty'} />}
        {corpus.status === 'inspecting' && !fetching && <Sub>Reading what was dropped…</Sub>}
      </div>
      {fetching && (
        <WorkProgress work={fetching.work} onCancel={() => act((actions) => actions.cancelStrategy())} />
      )}
      {corpus.error && (
        <div style={{ marginTop: 8 }}>
          <ErrorNotice
            error={corpus.error}
            testId="corpus-error"
            {...(summary ? { kept: 'The data above is unchanged.' } : {})}
          />
        </div>
      )}
      <Dropzone
        className={styles.drop}
        role="button"
        // What is dropped here lands on the zone that covers the page.
        activateOnDrag={false}
        inputProps={{ style: { display: 'none' } }}
        onDrop={(files) => act((actions) => actions.takeFiles(files))}
      >
        Drop files or a folder anywhere, or <span className={styles.choose}>choose files</span>. They stay on
        this device.
      </Dropzone>
      <DataLinks />
    </Card>
  )
}

/** As high as what will be found, so that nothing below moves when it is. */
function Waiting({ empty }: { empty: boolean }) {
  return (
    <>
      <Big>{empty ? 'No data yet' : 'Loading the bundled text…'}</Big>
      <Sub>
        {empty
          ? 'Drop files, or use the bundled text.'
          : 'Counting its documents and its windows, and setting some aside for validation.'}
      </Sub>
      <pre className={styles.preview} />
    </>
  )
}

function Found({ summary }: { summary: CorpusSummary }) {
  const cut = summary.bytes > PREVIEW_BYTES
  const binary = binaryWarning(summary.preview)
  const warnings = binary ? [binary, ...summary.warnings] : summary.warnings
  return (
    <>
      <Big>
        <span className={styles.names} title={summary.sources[0]?.name}>
          {describeSources(summary)}
        </span>
      </Big>
      <Sub title={`Digest over all sources (BLAKE2b-256): ${summary.digest}`}>{summarySentence(summary)}</Sub>
      <pre className={styles.preview} title="The first bytes of the data">
        {byteText(summary.preview, PREVIEW_BYTES)}
        {cut && '…'}
      </pre>
      {warnings.length > 0 && (
        <ul className={styles.warnings}>
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      )}
    </>
  )
}

function DataLinks() {
  const act = useAct()
  const { strategy, view } = useStudio().stores
  const targets = useStudioState('network', (state) => state.targets)
  const inspecting = useStudioState('corpus', (state) => state.status === 'inspecting')
  const busy = useStudioState('strategy', (state) => state.job !== null) || inspecting
  const items = useStudioState('corpus', (state) => state.items)
  const filled = filledTargets(targets).length
  const loading = useStudioState('corpus', (state) => state.status === 'loading')
  const onlyBundled = items.length > 0 && items.every((item) => item.origin === 'bundled')
  const last = useStudioState('runs', (state) => state.runs[0])
  const digest = useStudioState('corpus', (state) => state.summary?.digest)
  const isOther = last !== undefined && last.corpus.digest !== digest
  const hasTargets = items.some((item) => item.origin === 'target')
  return (
    <div className={styles.links}>
      {!onlyBundled && !loading && (
        <LinkButton disabled={busy} onClick={() => act((actions) => actions.takeBundledCorpus())}>
          Use the bundled text
        </LinkButton>
      )}
      {isOther && !loading && last.corpus.sources.some(({ origin }) => origin !== 'bundled') && (
        <LinkButton
          disabled={busy}
          data-testid="take-run-data"
          title={describeRunData(last)}
          onClick={() => act((actions) => actions.takeRunData(last.id))}
        >
          Use the data of {last.name}
        </LinkButton>
      )}
      {filled > 0 && !hasTargets && (
        <LinkButton
          disabled={busy}
          data-testid="add-target-data"
          title={`Data that won targets of this network, ${formatPlural(filled, 'filled target')} by now: fetched from its host, size and checksum verified`}
          onClick={() => act((actions) => actions.addTargetData())}
        >
          Add the data of {filled > NEWEST ? `the ${NEWEST} newest` : filled} filled{' '}
          {filled === 1 ? 'target' : 'targets'}
        </LinkButton>
      )}
      <LinkButton
        onClick={() => {
          strategy.setState({ tab: 'data' })
          view.setState({ screen: 'strategies' })
        }}
      >
        Choose targets, a mix, datasets
      </LinkButton>
    </div>
  )
}
