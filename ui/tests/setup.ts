import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// Other suites run at the same time, so what appears within a moment may need more than the default second.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
