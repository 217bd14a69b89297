'use client';

import { useState } from 'react';
import type { PlannedJob } from '../queries';
import { agreementTo, type Agreed } from './standing';

export type Agreements = { agreed: Agreed; agree: (job: PlannedJob) => void };

/** The jobs whose doubts the person has settled. Another plan with another such job asks again. */
export function useAgreements(): Agreements {
  const [agreed, setAgreed] = useState<Agreed>(new Set());
  return { agreed, agree: (job) => setAgreed(new Set([...agreed, agreementTo(job)])) };
}
