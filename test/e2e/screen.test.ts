import { expect, test } from 'vitest';
import { createScreen } from './support/screen.ts';

const WRITTEN =
  '? Key \u001b[2m(hidden)\u001b[22m\r\n\u001b[1A\u001b[2K\u001b[G\u001b[?25l? Key ***\u001b[3D\u001b[K\u001b[1B\rDone';

test('the screen of the tests shows the same however its input is cut', () => {
  const whole = createScreen(80);
  whole.write(WRITTEN);
  expect(whole.lines()).toEqual(['? Key', 'Done']);
  for (let at = 1; at < WRITTEN.length; at += 1) {
    const cut = createScreen(80);
    cut.write(WRITTEN.slice(0, at));
    cut.write(WRITTEN.slice(at));
    expect(cut.lines()).toEqual(whole.lines());
  }
});
