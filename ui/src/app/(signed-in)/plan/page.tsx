import { PlanPage } from '@/features/plan/plan-page';
import { titleOf } from '@/server/titles';

export const generateMetadata = titleOf('plan');

export default function Page() {
  return <PlanPage />;
}
