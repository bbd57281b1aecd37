export { describeSources, summarySentence } from './corpus-words.ts'
export { lossPlot, metricPlot } from './loss-plot.ts'
export { holdsEngine, phaseWords } from './phase-words.ts'
export { TrainScreen } from './train-screen.tsx'
