import { type ComponentType, type KeyboardEvent, useRef } from 'react'
import { type StrategyTab, strategyTabs } from '../../stores/strategy-store.ts'
import { Sub } from '../../ui/text.tsx'
import { useStudio, useStudioState } from '../studio-context.tsx'
import { BlendTab } from './blend-tab.tsx'
import { DataTab } from './data-tab.tsx'
import { DistilTab } from './distil-tab.tsx'
import { ForecastTab } from './forecast-tab.tsx'
import { GapsTab } from './gaps-tab.tsx'
import { MapTab } from './map-tab.tsx'
import { RecipesTab } from './recipes-tab.tsx'
import { RivalsTab } from './rivals-tab.tsx'
import { RoundsTab } from './rounds-tab.tsx'
import styles from './strategies.module.css'
import { opensGroup, tabLeads, tabNames } from './tab-names.ts'
import { UpdateTab } from './update-tab.tsx'

const panelOf: Readonly<Record<StrategyTab, ComponentType>> = {
  rivals: RivalsTab,
  data: DataTab,
  gaps: GapsTab,
  distil: DistilTab,
  blend: BlendTab,
  map: MapTab,
  forecast: ForecastTab,
  update: UpdateTab,
  rounds: RoundsTab,
  recipes: RecipesTab,
}

/** The ways to compete beside plain training, each with its measurement. */
export function StrategiesScreen() {
  const { strategy } = useStudio().stores
  const tab = useStudioState('strategy', (state) => state.tab)
  const list = useRef<HTMLDivElement>(null)
  const Panel = panelOf[tab]

  const turn = (event: KeyboardEvent) => {
    const at = strategyTabs.indexOf(tab)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: strategyTabs.length - 1 }[event.key]
    const next = to === undefined ? undefined : strategyTabs.at(to % strategyTabs.length)
    if (!next) return
    event.preventDefault()
    strategy.setState({ tab: next })
    list.current?.querySelector<HTMLElement>(`[data-tab="${next}"]`)?.focus()
  }

  return (
    <div className={styles.screen}>
      <div className={styles.tabs} role="tablist" aria-label="Strategies" ref={list}>
        {strategyTabs.map((one) => (
          <button
            key={one}
            type="button"
            role="tab"
            id={`strategy-${one}`}
            data-tab={one}
            data-opens={opensGroup.has(one) || undefined}
            data-testid={`tab-${one}`}
            className={styles.tab}
            aria-selected={one === tab}
            aria-controls="strategy-panel"
            tabIndex={one === tab ? 0 : -1}
            onKeyDown={turn}
            onClick={() => strategy.setState({ tab: one })}
          >
            {tabNames[one]}
          </button>
        ))}
      </div>
      <div id="strategy-panel" role="tabpanel" aria-labelledby={`strategy-${tab}`} className={styles.screen}>
        <div className={styles.lead}>
          <Sub>{tabLeads[tab]}</Sub>
        </div>
        <Panel />
      </div>
    </div>
  )
}
