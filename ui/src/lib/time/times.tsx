'use client';

import { createContext, useContext, useMemo, useState, type ReactNode } from 'react';
import { TIMES_COOKIE, type Times } from './times-cookie';

const TimesContext = createContext<{ times: Times; setTimes: (times: Times) => void }>({ times: 'relative', setTimes: () => {} });

/** The choice of this browser: "5m ago", or the time of day. The server reads it from a cookie. */
export function TimesProvider({ initial, children }: { initial: Times; children: ReactNode }) {
  const [times, setState] = useState(initial);
  const value = useMemo(
    () => ({
      times,
      setTimes: (next: Times) => {
        document.cookie = `${TIMES_COOKIE}=${next}; path=/; max-age=31536000; samesite=strict`;
        setState(next);
      },
    }),
    [times],
  );
  return <TimesContext value={value}>{children}</TimesContext>;
}

export const useTimes = () => useContext(TimesContext);
