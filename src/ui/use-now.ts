import { useEffect, useState } from 'react'

/** The wall clock in ms, refreshed every `every` ms: for ages, rates and countdowns. */
export function useNow(every = 1000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}
