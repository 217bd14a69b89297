import { describe, expect, it } from 'vitest';
import { groupShortcuts } from './shortcut-groups';

const key = (name: string, label: string) => ({ key: name, label, run: () => {} });

describe('groupKeys', () => {
  it('sorts keys by where they work, and what it does not know belongs to the page', () => {
    const groups = groupShortcuts([key('?', 'Keys'), key('j', 'Next'), key('e', 'Edit')]);
    expect(groups).toEqual({
      everywhere: [{ keys: '?', label: 'Keys' }],
      list: [{ keys: 'J', label: 'Next' }],
      page: [{ keys: 'E', label: 'Edit' }],
    });
  });
  it('tells a key that two parts claim once, as the one that was added last', () => {
    expect(groupShortcuts([key('/', 'Old'), key('/', 'New')]).list).toEqual([{ keys: '/', label: 'New' }]);
  });
});
