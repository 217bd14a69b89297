import { PlanPage } from '@/features/plan/plan-page';

export const metadata = { title: 'Plan' };

export default function Page() {
  return <PlanPage />;
}
