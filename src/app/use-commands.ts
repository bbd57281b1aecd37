import { useMantineColorScheme } from '@mantine/core'
import { tabNames } from '../features/strategies/tab-names.ts'
import { showError, useAct, useStudio, useStudioState } from '../features/studio-context.tsx'
import { exportMetrics } from '../features/train/export-metrics.ts'
import { type ConfigName, modelConfigs } from '../model/model-config.ts'
import { strategyTabs } from '../stores/strategy-store.ts'
import { type Screen, screens } from '../stores/view-store.ts'
import { isBusy } from '../train/phase.ts'
import { screenNames } from './screen-names.ts'

/** Something that the palette does. */
export interface Command {
  readonly label: string
  /** Words by which it is found too. */
  readonly also?: string
  /** The key that does the same on the Train screen. */
  readonly keys?: string
  readonly run: () => void
}

/** What can be done now, what is nearest to hand first; what cannot is left out. */
export function useCommands(): readonly Command[] {
  const { actions, stores } = useStudio()
  const act = useAct()
  const { setColorScheme } = useMantineColorScheme()
  const phase = useStudioState('run', (state) => state.phase)
  const canTrain = useStudioState('corpus', (state) => state.summary !== null && state.status === 'ready')
  const hasSteps = useStudioState('run', (state) => state.series.last('step') !== undefined)
  const runId = useStudioState('run', (state) => (state.checkpoint ? state.runId : null))
  const blocked = useStudioState('network', (state) => state.modelActionsBlocked)
  const show = (screen: Screen) => stores.view.setState({ screen })
  const onTrain = (label: string, keys: string | undefined, run: () => void): Command => ({
    label,
    ...(keys ? { keys } : {}),
    run: () => {
      show('train')
      run()
    },
  })
  const idle = !isBusy(phase)
  const canMeasure =
    useStudioState('device', (state) => state.status === 'ready' && state.report.engine === 'fused') && idle
  return [
    ...(idle && canTrain ? [onTrain('Train', undefined, () => act(() => actions.train()))] : []),
    ...(phase === 'running' ? [onTrain('Pause the run', 'Space', () => act(() => actions.pause()))] : []),
    ...(phase === 'paused' ? [onTrain('Resume the run', 'Space', () => act(() => actions.resume()))] : []),
    ...(phase === 'paused' ? [onTrain('One step', 'S', () => act(() => actions.stepOnce()))] : []),
    ...(phase === 'running' || phase === 'paused'
      ? [onTrain('Stop the run, keep a checkpoint', undefined, () => act(() => actions.stop()))]
      : []),
    ...(idle && runId && blocked === null
      ? [{ label: 'Commit the run on screen', run: () => act(() => actions.commit(runId)) }]
      : []),
    ...(hasSteps
      ? [{ label: 'Export the metrics as CSV', keys: 'E', run: () => exportMetrics(stores.run.getState()) }]
      : []),
    ...screens.map(
      (screen): Command => ({
        label: `Open ${screenNames[screen]}`,
        also: screen === 'device' ? 'go to limits' : 'go to',
        run: () => show(screen),
      }),
    ),
    ...strategyTabs.map(
      (tab): Command => ({
        label: `Open ${tabNames[tab]}`,
        also: 'strategies go to',
        run: () => {
          stores.strategy.setState({ tab })
          show('strategies')
        },
      }),
    ),
    ...(idle ? (Object.keys(modelConfigs) as ConfigName[]) : []).map((name) =>
      onTrain(`Use the config ${name}`, undefined, () => act(() => actions.chooseConfig(name))),
    ),
    onTrain('Logarithmic loss axis, on or off', 'L', () =>
      stores.view.setState(({ logLoss }) => ({ logLoss: !logLoss })),
    ),
    ...(canMeasure
      ? [
          {
            label: 'Check this GPU against the oracle',
            run: () => {
              show('device')
              actions.selfCheck().catch(showError)
            },
          },
          {
            label: 'Benchmark this device',
            run: () => {
              show('device')
              actions.benchmark().catch(showError)
            },
          },
        ]
      : []),
    { label: 'Colours: dark', also: 'theme', run: () => setColorScheme('dark') },
    { label: 'Colours: light', also: 'theme', run: () => setColorScheme('light') },
    { label: 'Colours: as the system', also: 'theme', run: () => setColorScheme('auto') },
  ]
}

/** Commands that hold every word that was typed, in their own order. */
export function matching(commands: readonly Command[], text: string): readonly Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return commands.filter(({ label, also = '' }) => {
    const found = `${label} ${also}`.toLowerCase()
    return words.every((word) => found.includes(word))
  })
}
