import type { Notice, NoticeEvent } from '../../core/plugins/notifier.ts';

const WORDS: Readonly<Record<NoticeEvent, string>> = {
  begun: 'a rotation has begun',
  paused: 'a rotation is paused',
  'needs-person': 'a rotation needs a person',
  'rolled-back': 'a rotation was rolled back',
  done: 'a rotation is done',
};

/** `postman-ci: a rotation needs a person`: what stands in a subject line. */
export function headline({ key, event }: Notice): string {
  return `${key}: ${WORDS[event]}`;
}

/** What a system said may be a whole page; an alert is read on a telephone. */
const LONGEST_MESSAGE = 1500;

export function shortMessage({ message }: Notice): string {
  return message.length <= LONGEST_MESSAGE ? message : `${message.slice(0, LONGEST_MESSAGE)}…`;
}

/** The whole notice as lines of text, without mark-up. */
export function plainLines(notice: Notice): string[] {
  return [
    shortMessage(notice),
    '',
    `rotation ${notice.rotationId}, ${notice.at}`,
    ...notice.live,
    ...(notice.next.length === 0 ? [] : ['', 'Next:', ...notice.next.map((command) => `  ${command}`)]),
  ];
}
