'use client';

import { useId, useState, type ComponentProps } from 'react';
import { Input } from '@/components/ui/field';

/** A time zone by its IANA name, with suggestions loaded on focus. */
export function TimeZoneInput(props: ComponentProps<'input'>) {
  const list = useId();
  const [zones, setZones] = useState<readonly string[]>([]);
  return (
    <>
      <Input
        autoComplete="off"
        spellCheck={false}
        {...props}
        list={list}
        onFocus={() => setZones(Intl.supportedValuesOf('timeZone'))}
      />
      <datalist id={list}>
        {zones.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  );
}
