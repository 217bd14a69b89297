import { describe, expect, it } from 'vitest';
import { groupShortcuts } from './shortcut-groups';

const key = (name: string, label: string) => ({ key: name, label, run: () => {} });

describe('groupKeys', () => {
  it('groups shortcuts by scope; an unknown scope is the page', () => {
    const groups = groupShortcuts([key('?', 'Keys'), key('j', 'Next'), key('e', 'Edit')]);
    expect(groups).toEqual({
      everywhere: [{ keys: '?', label: 'Keys' }],
      list: [{ keys: 'J', label: 'Next' }],
      page: [{ keys: 'E', label: 'Edit' }],
    });
  });
  it('keeps the last registration of a key', () => {
    expect(groupShortcuts([key('/', 'Old'), key('/', 'New')]).list).toEqual([{ keys: '/', label: 'New' }]);
  });
});
