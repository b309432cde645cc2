export function testText(): string {
  return `// @ts-check
import { testStore } from 'keyturn/testing';
import store from '../index.js';

// Everything that a store of keyturn promises. What is particular to this one is tested below it.
await testStore(store);
`;
}
